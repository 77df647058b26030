import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Change, ChangeGroup, Outcome } from '../../endpoint/change.ts';
import { type Endpoint, endpoint, type EndpointFields, ownerLabel, property } from '../../endpoint/endpoint.ts';
import { forceUpdateProperty } from '../../endpoint/labels.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { ConfigurationError, SoftError } from '../../errors.ts';
import { silentLogger } from '../../log/logger.ts';
import { NameMapper } from '../common/name-mapper.ts';
import { OwnershipReader } from '../common/ownership-records.ts';
import type { RegistryOutcome } from '../registry.ts';
import type { AttributeValue, Statement, StatementResult, TableDescription } from './client.ts';
import { DynamoDBRegistry } from './dynamodb-registry.ts';
import { Table } from './table.ts';

const never = new AbortController().signal;
const goodTable: TableDescription = { AttributeDefinitions: [{ AttributeName: 'k', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'k', KeyType: 'HASH' }] };
type Row = Record<string, AttributeValue>;

const row = (k: string, o: string, resource = 'ingress/default/web'): Row => ({ k: { S: k }, o: { S: o }, l: { M: { resource: { S: resource } } } });

/** A table in memory; `codes` are given in place of the next statements. */
class FakeTable {
  readonly table = 'owners';
  readonly rows = new Map<string, Row>();
  readonly log: string[] = [];
  codes: string[] = [];
  scans = 0;
  description = goodTable;
  down = false;
  constructor(rows: readonly Row[] = []) {
    for (const r of rows) this.rows.set(text(r['k']), r);
  }
  async describe(): Promise<TableDescription> {
    return this.description;
  }
  async *scan(): AsyncGenerator<Row> {
    this.scans++;
    yield* this.rows.values();
  }
  async execute(statements: readonly Statement[]): Promise<readonly StatementResult[]> {
    if (this.down) throw new SoftError('the table is not reached');
    return statements.map((s) => {
      const forced = this.codes.shift();
      const code = forced || this.#execute(s);
      return { code, message: code && 'said so' };
    });
  }
  get owners(): string[] {
    return [...this.rows.values()].map((r) => `${text(r['k'])} ${text(r['o'])}`).sort();
  }
  #execute({ Statement: statement, Parameters: p }: Statement): string {
    const verb = statement.slice(0, 6);
    this.log.push(`${verb} ${p.flatMap((v) => ('S' in v ? [v.S] : [])).join(' ')}`);
    if (verb === 'INSERT') {
      if (this.rows.has(text(p[0]))) return 'DuplicateItem';
      this.rows.set(text(p[0]), { k: p[0], o: p[1], l: p[2] } as Row);
      return '';
    }
    const moves = statement.includes('SET "o"');
    const [key, owner] = verb === 'DELETE' ? [text(p[0]), text(p[1])] : moves ? [text(p[2]), text(p[3])] : [text(p[1]), text(p[2])];
    const held = this.rows.get(key);
    if (verb === 'DELETE' && !held) return '';
    if (!held || text(held['o']) !== owner) return 'ConditionalCheckFailed';
    if (verb === 'DELETE') this.rows.delete(key);
    else this.rows.set(key, { ...held, ...(moves ? { o: p[0], l: p[1] } : { l: p[0] }) } as Row);
    return '';
  }
}
const text = (v: AttributeValue | undefined): string => (v && 'S' in v ? v.S : '');

interface Options {
  readonly rows?: readonly Row[];
  readonly records?: readonly Endpoint[];
  readonly types?: readonly string[];
  readonly oldOwnerId?: string;
  /** Names that the provider refuses. */
  readonly refuses?: readonly string[];
  /** Zone names that could not be read. */
  readonly unread?: readonly string[];
}

/** A registry with its table and a provider in memory. */
class Bench {
  readonly fake: FakeTable;
  readonly registry: DynamoDBRegistry;
  records: readonly Endpoint[];
  readonly #options: Options;
  constructor(options: Options = {}) {
    this.#options = options;
    this.fake = new FakeTable(options.rows);
    this.records = options.records ?? [];
    const managedTypes = options.types ?? ['A', 'AAAA', 'CNAME'];
    const mapper = new NameMapper({ prefix: '', suffix: '', wildcardReplacement: '' }, managedTypes);
    const table = new Table({ client: this.fake, tries: 3, sleep: async () => {} });
    this.registry = new DynamoDBRegistry({ ownerId: 'me', oldOwnerId: options.oldOwnerId ?? '', table, mapper, reader: new OwnershipReader(mapper, { key: undefined, encrypt: false }), managedTypes, log: silentLogger });
  }
  of(name: string): readonly Endpoint[] {
    return this.records.filter((r) => this.registry.namesOf(r).includes(name));
  }
  async labelled(name: string): Promise<readonly Endpoint[]> {
    await this.registry.refresh(never);
    return this.registry.label(name, this.of(name));
  }
  async owners(name: string): Promise<(string | undefined)[]> {
    return (await this.labelled(name)).map((e) => e.labels[ownerLabel]);
  }
  async apply(...changes: readonly Change[]): Promise<readonly RegistryOutcome[]> {
    await this.registry.refresh(never);
    const groups = changes.map((change): ChangeGroup => ({ name: normalizeName((change.after ?? change.before).dnsName), setIdentifier: (change.after ?? change.before).setIdentifier, changes: [change], reason: '' }));
    const write = async (written: readonly ChangeGroup[]): Promise<readonly Outcome[]> =>
      written.map((group): Outcome => {
        if (this.#options.refuses?.includes(group.name)) return { group, result: 'failed', state: 'unchanged', error: new Error('refused') };
        for (const { before, after } of group.changes) this.records = [...this.records.filter((r) => !(before && same(r, before))), ...(after ? [endpoint({ ...after, labels: {} })] : [])];
        return { group, result: 'applied' };
      });
    const outcomes = await this.registry.apply(groups, write, { of: (name) => this.of(name), zoneOf: () => undefined, isRead: (name) => !this.#options.unread?.some((z) => name.endsWith(z)) }, never);
    return outcomes;
  }
}
const same = (x: Endpoint, y: Endpoint): boolean => x.dnsName === y.dnsName && x.recordType === y.recordType && x.setIdentifier === y.setIdentifier;

const a = (dnsName: string, fields: Partial<EndpointFields> = {}): Endpoint => endpoint({ dnsName, recordType: 'A', targets: ['192.0.2.1'], labels: { [ownerLabel]: 'me', resource: 'ingress/default/web' }, ...fields });
const bare = (dnsName: string, fields: Partial<EndpointFields> = {}): Endpoint => a(dnsName, { labels: {}, ...fields });
const txt = (dnsName: string, owner: string): Endpoint => endpoint({ dnsName, recordType: 'TXT', targets: [`"heritage=external-dns,external-dns/owner=${owner},external-dns/resource=ingress/default/web"`] });
const create = (after: Endpoint): Change => ({ action: 'create', after });
const remove = (before: Endpoint): Change => ({ action: 'delete', before });

describe('ownership in a table', () => {
  it('is made before the record, and goes after it', async () => {
    const bench = new Bench();
    await bench.apply(create(a('web.example.org')), create(a('web.example.org', { setIdentifier: 'blue' })), create(a('*.Example.org')));
    assert.deepEqual(bench.fake.owners, ['*.example.org#A# me', 'web.example.org#A# me', 'web.example.org#A#blue me']);
    assert.deepEqual(await bench.owners('web.example.org'), ['me', 'me']);
    await bench.apply(remove(a('web.example.org')));
    assert.deepEqual(bench.fake.owners, ['*.example.org#A# me', 'web.example.org#A#blue me']);
  });

  it('is found however the name is spelled', async () => {
    const bench = new Bench({ rows: [row('Web.Example.org#A#', 'me')], records: [bare('web.example.org')] });
    assert.deepEqual(await bench.owners('web.example.org'), ['me']);
    await bench.apply(remove(a('web.example.org')));
    assert.deepEqual(bench.fake.owners, []);
  });

  it('knows other owners, and leaves the records of nobody', async () => {
    const bench = new Bench({ rows: [row('web.example.org#A#', 'you')], records: [bare('web.example.org'), bare('x.example.org')] });
    assert.deepEqual([await bench.owners('web.example.org'), await bench.owners('x.example.org')], [['you'], [undefined]]);
  });

  it('is read once, and again only when it stands otherwise than was thought', async () => {
    const bench = new Bench();
    await bench.apply(create(a('web.example.org')));
    await bench.apply(create(a('x.example.org')));
    assert.equal(bench.fake.scans, 1);
    bench.fake.rows.set('y.example.org#A#', row('y.example.org#A#', 'you'));
    await bench.apply(create(a('y.example.org')));
    await bench.registry.refresh(never);
    assert.equal(bench.fake.scans, 2);
  });

  it('has the resource of the last change', async () => {
    const bench = new Bench({ rows: [row('web.example.org#A#', 'me', 'ingress/default/old')], records: [bare('web.example.org')] });
    const [before] = await bench.labelled('web.example.org');
    assert.ok(before);
    await bench.apply({ action: 'update', before, after: a('web.example.org', { targets: ['192.0.2.2'] }) });
    assert.deepEqual(bench.fake.rows.get('web.example.org#A#'), row('web.example.org#A#', 'me'));
    bench.fake.log.length = 0;
    await bench.apply({ action: 'update', before, after: a('web.example.org', { targets: ['192.0.2.3'] }) });
    assert.deepEqual(bench.fake.log, []);
  });

  it('moves from an owner to us', async () => {
    const bench = new Bench({ rows: [row('web.example.org#A#', 'old')], records: [bare('web.example.org')], oldOwnerId: 'old' });
    await bench.apply({ action: 'update', before: a('web.example.org'), after: a('web.example.org') });
    assert.deepEqual(bench.fake.owners, ['web.example.org#A# me']);
  });
});

describe('a record is not made without its item', () => {
  it('where another owner has one', async () => {
    const bench = new Bench({ rows: [row('web.example.org#A#', 'you')] });
    const [mine, other] = await bench.apply(create(a('web.example.org')), create(a('x.example.org')));
    assert.deepEqual([mine?.result, mine?.result === 'skipped' && mine.foreign, other?.result], ['skipped', true, 'applied']);
    assert.deepEqual(bench.records.map((r) => r.dnsName), ['x.example.org']);
  });

  it('where another owner was quicker', async () => {
    const bench = new Bench();
    await bench.registry.refresh(never);
    bench.fake.rows.set('web.example.org#A#', row('web.example.org#A#', 'you'));
    const [outcome] = await bench.apply(create(a('web.example.org')));
    assert.deepEqual([outcome?.result, bench.records.length, bench.fake.owners], ['skipped', 0, ['web.example.org#A# you']]);
  });

  it('where the table is not reached', async () => {
    const bench = new Bench();
    await bench.registry.refresh(never);
    bench.fake.down = true;
    const [outcome] = await bench.apply(create(a('web.example.org')));
    assert.deepEqual([outcome?.result, outcome?.result === 'failed' && outcome.state, bench.records.length], ['failed', 'unchanged', 0]);
  });

  it('but is where the item is of an earlier try', async () => {
    const bench = new Bench();
    await bench.registry.refresh(never);
    bench.fake.rows.set('web.example.org#A#', row('web.example.org#A#', 'me'));
    const [outcome] = await bench.apply(create(a('web.example.org')));
    assert.deepEqual([outcome?.result, bench.records.length], ['applied', 1]);
  });

  it('and statements that come too soon are executed again', async () => {
    const bench = new Bench();
    bench.fake.codes = ['', 'ProvisionedThroughputExceeded'];
    const outcomes = await bench.apply(create(a('web.example.org')), create(a('x.example.org')));
    assert.deepEqual(outcomes.map((o) => o.result), ['applied', 'applied']);
    assert.equal(bench.fake.owners.length, 2);
  });
});

describe('items without a record', () => {
  it('go when the provider refuses the record', async () => {
    const bench = new Bench({ refuses: ['web.example.org'] });
    const [outcome] = await bench.apply(create(a('web.example.org')));
    assert.deepEqual([outcome?.result, bench.fake.owners], ['failed', []]);
  });

  it('go with the next change, where they are ours', async () => {
    const bench = new Bench({ rows: [row('gone.example.org#A#', 'me'), row('gone.example.org#A#x', 'you')] });
    await bench.apply(create(a('web.example.org')));
    assert.deepEqual(bench.fake.owners, ['gone.example.org#A#x you', 'web.example.org#A# me']);
  });

  it('stay where their zone could not be read', async () => {
    const bench = new Bench({ rows: [row('gone.example.net#A#', 'me')], unread: ['example.net'] });
    await bench.apply(create(a('web.example.org')));
    assert.deepEqual(bench.fake.owners, ['gone.example.net#A# me', 'web.example.org#A# me']);
  });
});

describe('ownership in TXT records', () => {
  const records = [bare('web.example.org'), txt('a-web.example.org', 'me')];

  it('is taken over with the next change, which is due', async () => {
    const bench = new Bench({ records });
    const [held] = await bench.labelled('web.example.org');
    assert.ok(held);
    assert.deepEqual([held.labels[ownerLabel], property(held, forceUpdateProperty)], ['me', 'true']);
    const [outcome] = await bench.apply({ action: 'update', before: held, after: a('web.example.org') });
    assert.deepEqual(bench.fake.owners, ['web.example.org#A# me']);
    const [written] = outcome?.written?.changes ?? [];
    assert.ok(written?.before);
    assert.equal(property(written.before, forceUpdateProperty), undefined);
    const [again] = await bench.labelled('web.example.org');
    assert.deepEqual([again?.labels[ownerLabel], again && property(again, forceUpdateProperty)], ['me', undefined]);
  });

  it('is looked for where there is any', () => {
    const bench = new Bench({ records });
    assert.deepEqual(bench.registry.recordNames('web.example.org'), ['web.example.org']);
    for (const r of records) bench.registry.namesOf(r);
    assert.ok(bench.registry.recordNames('web.example.org').includes('a-web.example.org'));
  });

  it('of another owner is respected, and not due', async () => {
    const bench = new Bench({ records: [bare('web.example.org'), txt('a-web.example.org', 'you')] });
    const [held] = await bench.labelled('web.example.org');
    assert.deepEqual([held?.labels[ownerLabel], held && property(held, forceUpdateProperty)], ['you', undefined]);
  });

  const leftOvers: readonly { title: string; options: Options; owners: readonly (string | undefined)[] }[] = [
    { title: 'is ours to delete once it is of no use', options: { records, rows: [row('web.example.org#A#', 'me')] }, owners: ['me'] },
    { title: 'is ours to delete where its record is gone', options: { records: records.slice(1) }, owners: ['me'] },
    { title: 'stays while its record has no item', options: { records }, owners: [] },
    { title: 'stays where it is another owner’s', options: { records: [txt('a-web.example.org', 'you')] }, owners: [] },
  ];
  for (const { title, options, owners } of leftOvers) it(title, async () => assert.deepEqual(await new Bench({ ...options, types: ['A', 'TXT'] }).owners('a-web.example.org'), owners));
});

describe('tables that cannot be used', () => {
  const cases: readonly { title: string; description: TableDescription; message: RegExp }[] = [
    { title: 'have another key', description: { ...goodTable, KeySchema: [{ AttributeName: 'name', KeyType: 'HASH' }] }, message: /has the key "name"/ },
    { title: 'have a range key', description: { ...goodTable, KeySchema: [...goodTable.KeySchema, { AttributeName: 'r', KeyType: 'RANGE' }] }, message: /has a range key/ },
    { title: 'have a key that is no text', description: { ...goodTable, AttributeDefinitions: [{ AttributeName: 'k', AttributeType: 'N' }] }, message: /has a key of type N/ },
  ];
  for (const { title, description, message } of cases)
    it(title, async () => {
      const bench = new Bench();
      bench.fake.description = description;
      await assert.rejects(bench.registry.refresh(never), (e) => e instanceof ConfigurationError && message.test(e.message));
    });
});

describe('any history', () => {
  it('ends with an item for each record of ours, and leaves those of others', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.record({ host: fc.constantFrom('a', 'b', 'c', 'd'), set: fc.constantFrom('', 'x'), trouble: fc.boolean() }), { maxLength: 15 }), async (steps) => {
        const foreign = row('d.example.org#A#', 'you');
        const bench = new Bench({ rows: [foreign], records: [bare('d.example.org')] });
        for (const { host, set, trouble } of steps) {
          const name = `${host}.example.org`;
          const held = (await bench.labelled(name)).find((e) => e.setIdentifier === set);
          if (held && held.labels[ownerLabel] !== 'me') continue;
          if (trouble) bench.fake.codes = ['InternalServerError', 'ThrottlingError'];
          await bench.apply(held ? remove(held) : create(a(name, { setIdentifier: set })));
          bench.fake.codes = [];
        }
        const ours = bench.records.filter((r) => r.dnsName !== 'd.example.org' || r.setIdentifier !== '').map((r) => `${r.dnsName}#A#${r.setIdentifier} me`);
        assert.deepEqual(bench.fake.owners, [...ours, 'd.example.org#A# you'].sort());
      }),
      { numRuns: 100 },
    ));
});
