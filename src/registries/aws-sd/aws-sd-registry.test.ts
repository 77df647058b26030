import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChangeGroup, Outcome } from '../../endpoint/change.ts';
import { endpoint, type EndpointFields } from '../../endpoint/endpoint.ts';
import { descriptionLabel } from '../../endpoint/labels.ts';
import type { CurrentRecords } from '../registry.ts';
import { AwsSdRegistry } from './aws-sd-registry.ts';

const never = new AbortController().signal;
const current: CurrentRecords = { of: () => [], zoneOf: () => undefined };
const make = (fields: Partial<EndpointFields> = {}) => endpoint({ dnsName: 'web.example.org', recordType: 'A', targets: ['192.0.2.1'], ...fields });
const group = (changes: ChangeGroup['changes']): ChangeGroup => ({ name: 'web.example.org', setIdentifier: '', changes, reason: 'test' });
const mine = 'heritage=external-dns,external-dns/owner=me,external-dns/resource=ingress/default/web';

describe('registry in descriptions of services', () => {
  const readings: readonly [title: string, labels: Readonly<Record<string, string>>, expected: Readonly<Record<string, string>>][] = [
    ['owner and resource', { [descriptionLabel]: mine }, { owner: 'me', resource: 'ingress/default/web' }],
    ['a description of somebody else', { [descriptionLabel]: 'for the shop' }, {}],
    ['an empty description', { [descriptionLabel]: '' }, {}],
    ['no description', {}, {}],
  ];
  for (const [title, labels, expected] of readings)
    it(`reads ${title}`, () => assert.deepEqual(new AwsSdRegistry('me').label('web.example.org', [make({ labels })])[0]?.labels, expected));

  it('writes owner and resource, and knows them until they are read', async () => {
    const registry = new AwsSdRegistry('me');
    const sent: ChangeGroup[] = [];
    const write = async (groups: readonly ChangeGroup[]): Promise<readonly Outcome[]> => {
      sent.push(...groups);
      return groups.map((g) => ({ group: g, result: 'applied' }));
    };
    const after = make({ labels: { owner: 'me', resource: 'ingress/default/web' } });
    const [outcome] = await registry.apply([group([{ action: 'create', after }])], write, current, never);
    assert.equal(outcome?.result, 'applied');
    assert.equal(sent[0]?.changes[0]?.after?.labels[descriptionLabel], mine);
    assert.deepEqual(registry.label('web.example.org', [make()])[0]?.labels, { owner: 'me', resource: 'ingress/default/web' });
    assert.deepEqual(registry.label('web.example.org', [make({ labels: { [descriptionLabel]: 'heritage=external-dns,external-dns/owner=you' } })])[0]?.labels, { owner: 'you' });
    await registry.apply([group([{ action: 'delete', before: after }])], write, current, never);
    assert.deepEqual(registry.label('web.example.org', [make()])[0]?.labels, {});
  });

  it('remembers nothing that was not written', async () => {
    const registry = new AwsSdRegistry('me');
    await registry.apply([group([{ action: 'create', after: make() }])], async (groups) => groups.map((g) => ({ group: g, result: 'failed', error: new Error('no'), state: 'unchanged' })), current, never);
    assert.deepEqual(registry.label('web.example.org', [make()])[0]?.labels, {});
  });

  it('makes no record whose description would be too long', async () => {
    const after = make({ labels: { resource: `ingress/default/${'w'.repeat(1000)}` } });
    const [outcome] = await new AwsSdRegistry('me').apply([group([{ action: 'create', after }])], async () => assert.fail('written'), current, never);
    assert.equal(outcome?.result, 'skipped');
  });
});
