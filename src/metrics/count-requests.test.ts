import assert from 'node:assert/strict';
import { it } from 'node:test';
import { countRequests } from './count-requests.ts';
import { noMetrics } from './metrics.ts';

it('counts requests from one look to the next, and passes all metrics on', () => {
  const passed: string[] = [];
  const { metrics, take } = countRequests({ ...noMetrics, add: (name) => void passed.push(name), observe: (name) => void passed.push(name) });
  metrics.observe('http_request_duration_seconds', 0.1);
  metrics.observe('provider_call_duration_seconds', 0.1);
  metrics.observe('http_request_duration_seconds', 0.2);
  metrics.add('provider_calls_total');
  assert.equal(take(), 2);
  assert.equal(take(), 0);
  assert.deepEqual(passed, ['http_request_duration_seconds', 'provider_call_duration_seconds', 'http_request_duration_seconds', 'provider_calls_total']);
});
