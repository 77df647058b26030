import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChangeGroup, Outcome } from '../../endpoint/change.ts';
import { type Endpoint, endpoint, ownerLabel, property, withLabels } from '../../endpoint/endpoint.ts';
import { forceUpdateProperty } from '../../endpoint/labels.ts';
import { SoftError } from '../../errors.ts';
import type { Cluster, ClusterWriter, ObjectChange, ResourceView, ViewState } from '../../kubernetes/cluster.ts';
import { asRecord } from '../../kubernetes/keep.ts';
import type { RawObject } from '../../kubernetes/object.ts';
import { silentLogger } from '../../log/logger.ts';
import type { CurrentRecords } from '../registry.ts';
import { CRDRegistry } from './crd-registry.ts';
import { DNSRecord, type DNSRecordObject, recordObjectName } from './dns-record.ts';

/** The DNSRecords of one namespace, as an API would keep and show them; `lag` holds the watch back. */
class FakeAPI {
  readonly objects = new Map<string, RawObject>();
  readonly #shown = new Map<string, DNSRecordObject>();
  readonly #waiting = new Set<string>();
  #listener: (changes: readonly ObjectChange<DNSRecordObject>[]) => void = () => {};
  state: ViewState = { kind: 'synced' };
  lag = false;
  refuses: string | undefined;

  set(name: string, object: RawObject | undefined): void {
    if (object) this.objects.set(name, object);
    else this.objects.delete(name);
    this.#waiting.add(name);
    if (!this.lag) this.show();
  }

  show(): void {
    for (const name of this.#waiting) {
      const [before, raw] = [this.#shown.get(name), this.objects.get(name)];
      const after = raw && DNSRecord.keep(raw);
      if (after) this.#shown.set(name, after);
      else this.#shown.delete(name);
      this.#listener([{ before, after }]);
    }
    this.#waiting.clear();
  }

  get cluster(): Cluster {
    const view: Partial<ResourceView<DNSRecordObject>> = {
      list: () => [...this.#shown.values()],
      lookup: (index, value) => [...this.#shown.values()].filter((o) => index.values(o).includes(value)),
      subscribe: (listener) => {
        this.#listener = listener;
        return () => {};
      },
    };
    Object.defineProperty(view, 'state', { get: () => this.state });
    return { watch: () => view, writer: this.#writer } as unknown as Cluster;
  }

  get #writer(): ClusterWriter {
    const nameOf = (object: RawObject): string => String(asRecord(object['metadata'])['name']);
    const write = async (object: RawObject): Promise<RawObject> => {
      if (this.refuses !== undefined) throw new SoftError(this.refuses);
      this.set(nameOf(object), structuredClone(object));
      return object;
    };
    return {
      get: async (_resource, _namespace, name) => structuredClone(this.objects.get(name)),
      create: (_resource, object) => write(object),
      replace: (_resource, object) => write(object),
      delete: async (_resource, _namespace, name) => this.set(name, undefined),
      patchAnnotations: async () => true,
      patchStatus: async (_resource, _namespace, name, status) => {
        const object = this.objects.get(name);
        if (object) this.set(name, { ...object, status });
        return object !== undefined;
      },
    };
  }
}

const record = (recordType: string, target: string, fields: Partial<Endpoint> = {}): Endpoint => endpoint({ dnsName: 'web.example.org', recordType, targets: [target], labels: { owner: 'me' }, ...fields });
const [ipv4, ipv6] = [record('A', '192.0.2.1'), record('AAAA', '2001:db8::1')];
const group = (...changes: ChangeGroup['changes']): ChangeGroup => ({ name: 'web.example.org', setIdentifier: '', changes, reason: 'test' });
const create = (...records: readonly Endpoint[]): ChangeGroup => group(...records.map((after) => ({ action: 'create' as const, after })));
const object = (e: Endpoint, owner: string, programmed: boolean): [string, RawObject] => {
  const name = recordObjectName(e);
  return [
    name,
    {
      metadata: { name, namespace: 'dns', labels: { 'externaldns.k8s.io/owner': owner } },
      spec: { endpoint: { dnsName: e.dnsName, recordType: e.recordType, targets: e.targets } },
      status: { conditions: [{ type: 'Ready', status: programmed ? 'True' : 'False' }] },
    },
  ];
};

const current: CurrentRecords = { of: () => [], zoneOf: () => undefined };
const applied = async (groups: readonly ChangeGroup[]): Promise<readonly Outcome[]> => groups.map((g) => ({ group: g, result: 'applied' }));
const notEnding = new AbortController().signal;

function setUp(ownerId = 'me', oldOwnerId = '') {
  const api = new FakeAPI();
  let nowMs = 0;
  const registry = new CRDRegistry({ ownerId, oldOwnerId, namespace: 'dns', cluster: api.cluster, log: silentLogger, now: () => new Date(nowMs) });
  const held = (): string[] => registry.label('web.example.org').map((e) => `${e.labels[ownerLabel]} ${e.recordType} ${e.targets.join()}${property(e, forceUpdateProperty) ? ' incomplete' : ''}`);
  const stages = (): string[] => [...api.objects.values()].map((o) => JSON.stringify(asRecord(o['status'])['conditions']).replace(/.*"reason":"(\w+)".*/, '$1'));
  return { api, registry, held, stages, pass: (ms: number) => (nowMs += ms) };
}

describe('crd registry', () => {
  it('names objects as ExternalDNS v0.22 does', () => {
    assert.equal(recordObjectName(ipv4), 'web-example-org-43fd9d43');
    assert.equal(recordObjectName({ ...ipv4, dnsName: 'WEB.Example.org.' }), 'web-example-org-43fd9d43');
    assert.match(recordObjectName({ ...ipv4, dnsName: '*.example.org' }), /^example-org-[0-9a-f]{8}$/);
    assert.match(recordObjectName({ ...ipv4, dnsName: '☃' }), /^record-[0-9a-f]{8}$/);
    assert.ok(recordObjectName({ ...ipv4, dnsName: `${'a'.repeat(250)}.example.org` }).length <= 253);
  });

  it('takes programmed objects of ours for current, and all of others', () => {
    const { api, held } = setUp();
    api.set(...object(ipv4, 'me', true));
    api.set(...object(ipv6, 'me', false));
    api.set(...object(record('MX', '10 mx.example.org'), 'you', false));
    assert.deepEqual(held(), ['me A 192.0.2.1', 'you MX 10 mx.example.org']);
  });

  it('writes an object with each record, and deletes it with it', async () => {
    const { api, registry, held, stages } = setUp();
    const stagesAtWrite: string[] = [];
    await registry.apply([create(ipv4, ipv6)], (groups) => (stagesAtWrite.push(...stages()), applied(groups)), current, notEnding);
    assert.deepEqual(stagesAtWrite, ['Accepted', 'Accepted']);
    assert.deepEqual(stages(), ['Programmed', 'Programmed']);
    assert.deepEqual(held(), ['me A 192.0.2.1', 'me AAAA 2001:db8::1']);
    await registry.apply([group({ action: 'delete', before: ipv6 })], applied, current, notEnding);
    assert.deepEqual(held(), ['me A 192.0.2.1']);
    assert.equal(api.objects.size, 1);
  });

  it('knows what it wrote before the watch shows it', async () => {
    const { api, registry, held } = setUp();
    api.lag = true;
    await registry.apply([create(ipv4)], applied, current, notEnding);
    assert.deepEqual(held(), ['me A 192.0.2.1']);
    await registry.apply([group({ action: 'update', before: ipv4, after: record('A', '192.0.2.2') })], applied, current, notEnding);
    assert.deepEqual(held(), ['me A 192.0.2.2']);
    await registry.apply([group({ action: 'delete', before: record('A', '192.0.2.2') })], applied, current, notEnding);
    assert.deepEqual(held(), []);
    api.show();
    assert.deepEqual(held(), []);
  });

  it('believes the watch again when it never shows what was written', async () => {
    const { api, registry, held, pass } = setUp();
    api.lag = true;
    await registry.apply([create(ipv4)], applied, current, notEnding);
    api.objects.clear();
    api.show();
    pass(60_000);
    assert.deepEqual(held(), []);
  });

  it('says on the object what the provider refused, and takes it for not made', async () => {
    const { registry, held, stages } = setUp();
    const failed = async (groups: readonly ChangeGroup[]): Promise<readonly Outcome[]> => groups.map((g) => ({ group: g, result: 'failed', state: 'unchanged', error: new Error('no') }));
    const [outcome] = await registry.apply([create(ipv4)], failed, current, notEnding);
    assert.equal(outcome?.result, 'failed');
    assert.deepEqual(stages(), ['Failed']);
    assert.deepEqual(held(), []);
  });

  it("leaves another owner's object alone: first come, first kept", async () => {
    const { api, registry } = setUp();
    api.set(...object(ipv4, 'you', false));
    const before = structuredClone([...api.objects]);
    const [outcome] = await registry.apply([create(ipv4)], () => assert.fail('nothing is to be written'), current, notEnding);
    assert.match(outcome?.result === 'skipped' ? outcome.reason : '', /held by owner "you"/);
    assert.deepEqual([...api.objects], before);
  });

  it('takes over the objects of the owner whose records become ours', async () => {
    const { api, registry, held } = setUp('me', 'old');
    api.set(...object(ipv4, 'old', true));
    assert.deepEqual(held(), ['old A 192.0.2.1']);
    await registry.apply([group({ action: 'update', before: withLabels(ipv4, { owner: 'me' }), after: ipv4 })], applied, current, notEnding);
    assert.deepEqual(held(), ['me A 192.0.2.1']);
  });

  it('does not write to the provider what cannot be written to the cluster', async () => {
    const { api, registry } = setUp();
    api.refuses = 'quota exceeded';
    const [outcome] = await registry.apply([create(ipv4)], () => assert.fail('nothing is to be written'), current, notEnding);
    assert.match(outcome?.result === 'failed' ? outcome.error.message : '', /quota exceeded/);
  });

  it('keeps a record in mind whose object somebody deleted', async () => {
    const { api, registry, held } = setUp();
    await registry.apply([create(ipv4)], applied, current, notEnding);
    api.set(recordObjectName(ipv4), undefined);
    assert.deepEqual(held(), ['me A 192.0.2.1 incomplete']);
    await registry.apply([group({ action: 'update', before: ipv4, after: ipv4 })], applied, current, notEnding);
    assert.deepEqual(held(), ['me A 192.0.2.1']);
    assert.equal(api.objects.size, 1);
  });

  it('tells of all names first, then of those that changed', async () => {
    const { api, registry } = setUp();
    api.set(...object(ipv4, 'me', true));
    assert.deepEqual([...(await registry.refresh())], ['web.example.org']);
    assert.deepEqual([...(await registry.refresh())], []);
    api.set(...object(record('A', '192.0.2.1', { dnsName: 'x.example.org' }), 'you', true));
    assert.deepEqual([...(await registry.refresh())], ['x.example.org']);
  });

  it('plans nothing by objects that it cannot read', async () => {
    const { api, registry } = setUp();
    api.state = { kind: 'syncing' };
    await assert.rejects(registry.refresh(), SoftError);
    api.state = { kind: 'failed', since: new Date(0), reason: 'forbidden', message: 'may not list dnsrecords', everSynced: false };
    await assert.rejects(registry.refresh(), /may not list dnsrecords/);
  });
});
