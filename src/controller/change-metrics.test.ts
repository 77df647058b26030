import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endpoint } from '../endpoint/endpoint.ts';
import { createMetrics } from '../metrics/create-metrics.ts';
import { ChangeMetrics } from './change-metrics.ts';
import { Statuses } from './status.ts';

describe('metrics of changes', () => {
  it('count changes by zone, type, action and result', async () => {
    const metrics = createMetrics();
    const after = endpoint({ dnsName: 'web.example.org', recordType: 'A', targets: ['192.0.2.1'] });
    const group = { name: 'web.example.org', setIdentifier: '', changes: [{ action: 'create', after }], reason: 'x' } as const;
    const changes = new ChangeMetrics({ metrics, statuses: new Statuses(), now: () => 0 });
    changes.outcomes([{ group, result: 'applied', zone: 'example.org' }, { group, result: 'failed', error: new Error('no'), state: 'unchanged' }]);
    const text = await metrics.text();
    assert.match(text, /^external_dns_changes_total\{zone="example\.org",record_type="A",action="create",result="applied"\} 1$/m);
    assert.match(text, /^external_dns_changes_total\{zone="",record_type="A",action="create",result="failed"\} 1$/m);
  });

  it('count names by state, and tell how long the oldest change waits', async () => {
    const metrics = createMetrics();
    const statuses = new Statuses();
    let nowMs = 1_000_000;
    const changes = new ChangeMetrics({ metrics, statuses, now: () => nowMs });
    statuses.set('a', 'failed', 'x', new Date(nowMs));
    statuses.set('b', 'foreign', 'x', new Date(0));
    statuses.set('c', 'foreign', 'x', new Date(0));
    nowMs += 90_000;
    changes.synchronized();
    assert.match(await metrics.text(), /^external_dns_names_not_in_order\{state="failed"\} 1$/m);
    assert.match(await metrics.text(), /^external_dns_names_not_in_order\{state="foreign"\} 2$/m);
    assert.match(await metrics.text(), /^external_dns_oldest_pending_change_age_seconds 90$/m);
    statuses.clear('a');
    changes.synchronized();
    assert.match(await metrics.text(), /^external_dns_oldest_pending_change_age_seconds 0$/m);
    assert.match(await metrics.text(), /^external_dns_names_not_in_order\{state="failed"\} 0$/m);
  });
});
