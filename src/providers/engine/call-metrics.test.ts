import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigurationError, SoftError } from '../../errors.ts';
import { RcodeError } from '../../dns/client.ts';
import { RequestError, statusError } from '../../http/client/index.ts';
import { createMetrics } from '../../metrics/create-metrics.ts';
import { measured } from './call-metrics.ts';

const answer = (status: number) => ({ status, header: () => undefined });

describe('metrics of calls of a provider', () => {
  for (const [what, error, status] of [
    ['a status of trouble', statusError('x', answer(503)), '503'],
    ['a refusal', statusError('x', answer(422)), '422'],
    ['wrong credentials', statusError('x', answer(401)), '401'],
    ['a status behind another error', new SoftError('zone cannot be read', { cause: statusError('x', answer(429)) }), '429'],
    ['no answer in time', new RequestError('x', 'timeout'), 'timeout'],
    ['an rcode', new RcodeError('x', 5), 'rcode 5'],
    ['anything else', new ConfigurationError('x'), 'failed'],
  ] as const)
    it(`name ${what}`, async () => {
      const metrics = createMetrics();
      await assert.rejects(measured(metrics, { provider: 'aws', call: 'apply', zone: 'example.org' }, () => Promise.reject(error)), error);
      const text = await metrics.text();
      assert.match(text, new RegExp(`^external_dns_provider_call_duration_seconds_count\\{provider="aws",call="apply",zone="example.org",status="${status}"\\} 1$`, 'm'));
      assert.match(text, /^external_dns_provider_calls_total\{provider="aws",call="apply",result="failed"\} 1$/m);
    });

  it('give the result, and count how long it took', async () => {
    const metrics = createMetrics();
    const wait = () => new Promise<string>((resolve) => setTimeout(() => resolve('all'), 20));
    assert.equal(await measured(metrics, { provider: 'aws', call: 'records', zone: 'example.org' }, wait), 'all');
    const seconds = Number(/^external_dns_provider_call_duration_seconds_sum\{[^}]*status="ok"\} (\S+)$/m.exec(await metrics.text())?.[1]);
    assert.ok(seconds >= 0.015 && seconds < 5, String(seconds));
  });
});
