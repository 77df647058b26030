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
    const changes = new ChangeMetrics({ metrics, statuses: new Statuses(), now: () => 0, unpublishedSinceMs: () => undefined });
    changes.outcomes([{ group, result: 'applied', zone: 'example.org' }, { group, result: 'failed', error: new Error('no'), state: 'unchanged' }]);
    const text = await metrics.text();
    assert.match(text, /^external_dns_changes_total\{zone="example\.org",record_type="A",action="create",result="applied"\} 1$/m);
    assert.match(text, /^external_dns_changes_total\{zone="",record_type="A",action="create",result="failed"\} 1$/m);
  });

  it('count names by state, and tell how long the oldest change waits', async () => {
    const metrics = createMetrics();
    const statuses = new Statuses();
    let nowMs = 1_000_000;
    let unpublishedSinceMs: number | undefined;
    const changes = new ChangeMetrics({ metrics, statuses, now: () => nowMs, unpublishedSinceMs: () => unpublishedSinceMs });
    const shown = async (): Promise<string> => {
      changes.refresh();
      return metrics.text();
    };
    statuses.set('a', 'quarantined', 'x', new Date(nowMs));
    for (const name of ['b', 'c']) statuses.set(name, 'foreign', 'x', new Date(0));
    for (const name of ['d', 'e', 'f']) statuses.set(name, 'frozen', 'x', new Date(nowMs + 1000));
    nowMs += 90_000;
    let text = await shown();
    for (const [state, count] of [['quarantined', 1], ['foreign', 2], ['frozen', 3], ['held', 0], ['held-by-brake', 0], ['contested', 0]])
      assert.match(text, new RegExp(`^external_dns_names_not_in_order\\{state="${state}"\\} ${count}$`, 'm'));
    assert.match(text, /^external_dns_oldest_pending_change_age_seconds 90$/m);
    // it grows by itself
    nowMs += 10_000;
    assert.match(await shown(), /^external_dns_oldest_pending_change_age_seconds 100$/m);
    for (const name of ['a', 'd', 'e', 'f']) statuses.clear(name);
    text = await shown();
    assert.match(text, /^external_dns_oldest_pending_change_age_seconds 0$/m);
    assert.match(text, /^external_dns_names_not_in_order\{state="quarantined"\} 0$/m);
    unpublishedSinceMs = nowMs - 5000;
    assert.match(await shown(), /^external_dns_oldest_pending_change_age_seconds 5$/m);
  });
});
