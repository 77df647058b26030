import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { ChangeGroup } from '../../endpoint/change.ts';
import { type Endpoint, endpoint, ownedRecordLabel, ownerLabel, property, withLabels, withoutProperty } from '../../endpoint/endpoint.ts';
import { forceUpdateProperty } from '../../endpoint/labels.ts';
import { normalizeName } from '../../endpoint/name.ts';
import type { CurrentRecords, RegistryOutcome } from '../registry.ts';
import { type Affixes, NameMapper } from '../common/name-mapper.ts';
import { TXTRegistry, type TXTRegistrySettings } from './txt-registry.ts';

const types = ['A', 'AAAA', 'CNAME', 'MX', 'TXT'];
const key = new TextEncoder().encode('a-key-of-exactly-32-bytes-length');
const noAffixes: Affixes = { prefix: '', suffix: '', wildcardReplacement: '' };
type Options = Partial<Omit<TXTRegistrySettings, 'mapper'>> & { readonly affixes?: Partial<Affixes> };

const registry = ({ affixes, ...settings }: Options = {}): TXTRegistry =>
  new TXTRegistry({ ownerId: 'me', oldOwnerId: '', mapper: new NameMapper({ ...noAffixes, ...affixes }, types), text: { encrypt: false }, managedTypes: types, zoneOf: undefined, ...settings });

const a = (dnsName: string, fields: Partial<Endpoint> = {}): Endpoint => endpoint({ dnsName, recordType: 'A', targets: ['192.0.2.1'], ...fields });
const txt = (dnsName: string, owner = 'me', fields: Partial<Endpoint> = {}): Endpoint =>
  endpoint({ dnsName, recordType: 'TXT', targets: [`"heritage=external-dns,external-dns/owner=${owner}"`], ...fields });
const owned = (e: Endpoint): Endpoint => withLabels(e, { [ownerLabel]: 'me' });

/** A DNS that does as it is told, and refuses what no DNS could do. */
class Zone implements CurrentRecords {
  records: Endpoint[];
  readonly #registry: TXTRegistry;
  readonly #zone: string | undefined;

  constructor(r: TXTRegistry, records: readonly Endpoint[], zone?: string) {
    this.#registry = r;
    this.records = [...records];
    this.#zone = zone;
  }

  of(name: string): readonly Endpoint[] {
    return this.records.filter((e) => this.#registry.namesOf(e).includes(name));
  }

  zoneOf(): string | undefined {
    return this.#zone;
  }

  labelled(name: string): readonly Endpoint[] {
    return this.#registry.label(name, this.of(name));
  }

  async apply(...groups: readonly ChangeGroup[]): Promise<readonly RegistryOutcome[]> {
    const write = (written: readonly ChangeGroup[]) => {
      for (const { before, after } of written.flatMap((g) => g.changes)) {
        if (before) {
          const at = this.records.findIndex((e) => same(e, before));
          assert.ok(at >= 0, `${before.dnsName} ${before.recordType} is not there`);
          assert.deepEqual(this.records[at]?.targets, before.targets);
          this.records.splice(at, 1);
        }
        if (after) {
          assert.ok(!this.records.some((e) => same(e, after)), `${after.dnsName} ${after.recordType} is there already`);
          this.records.push(endpoint({ ...after, labels: {} }));
        }
      }
      return Promise.resolve(written.map((group) => ({ group, result: 'applied' as const })));
    };
    return this.#registry.apply(groups, write, this, new AbortController().signal);
  }

  get names(): string[] {
    return this.records.map((e) => `${e.dnsName} ${e.recordType}`).sort();
  }
}

const same = (x: Endpoint, y: Endpoint): boolean => normalizeName(x.dnsName) === normalizeName(y.dnsName) && x.recordType === y.recordType && x.setIdentifier === y.setIdentifier;

const group = (changes: ChangeGroup['changes']): ChangeGroup => {
  const first = changes[0]?.after ?? changes[0]?.before;
  return { name: normalizeName(first?.dnsName ?? ''), setIdentifier: first?.setIdentifier ?? '', changes, reason: 'test' };
};
const creates = (...records: readonly Endpoint[]): ChangeGroup => group(records.map((after) => ({ action: 'create', after: owned(after) })));
const deletes = (...records: readonly Endpoint[]): ChangeGroup => group(records.map((before) => ({ action: 'delete', before })));
const updates = (before: Endpoint, after: Endpoint): ChangeGroup => group([{ action: 'update', before, after: owned(after) }]);

const ownersOf = (records: readonly Endpoint[]): (string | undefined)[] => records.map((e) => e.labels[ownerLabel]);

describe('ownership of current records', () => {
  const cases: readonly { title: string; options?: Options; name: string; records: readonly Endpoint[]; owners: readonly (string | undefined)[] }[] = [
    { title: 'comes from the TXT with the type', name: 'web.example.org', records: [a('web.example.org'), txt('a-web.example.org')], owners: ['me'] },
    { title: 'is read whatever the spelling', name: 'web.example.org', records: [a('Web.Example.org'), txt('A-WEB.example.org')], owners: ['me'] },
    { title: 'does not come from the TXT of another type', name: 'web.example.org', records: [a('web.example.org'), txt('cname-web.example.org')], owners: [undefined] },
    { title: 'comes from the old form', name: 'web.example.org', records: [a('web.example.org'), txt('web.example.org')], owners: ['me'] },
    { title: 'comes from the old form for no AAAA', name: 'web.example.org', records: [a('web.example.org', { recordType: 'AAAA' }), txt('web.example.org')], owners: [undefined] },
    { title: 'goes by the TXT with the type before the old form', name: 'web.example.org', records: [txt('web.example.org', 'old'), a('web.example.org'), txt('a-web.example.org', 'you')], owners: ['you'] },
    { title: 'is that of the set identifier', name: 'web.example.org', records: [a('web.example.org', { setIdentifier: 'x' }), a('web.example.org', { setIdentifier: 'y' }), txt('a-web.example.org', 'me', { setIdentifier: 'y' })], owners: [undefined, 'me'] },
    { title: 'comes from cname- for an alias', name: 'web.example.org', records: [a('web.example.org', { targets: ['lb.example.net'], providerSpecific: [{ name: 'alias', value: 'true' }] }), txt('cname-web.example.org')], owners: ['me'] },
    { title: 'may be known to the provider', name: 'web.example.org', records: [a('web.example.org', { labels: { owner: 'you' } })], owners: ['you'] },
    { title: 'of a wildcard comes from the TXT with the asterisk replaced', options: { affixes: { wildcardReplacement: 'any' } }, name: '*.example.org', records: [a('*.example.org'), txt('a-any.example.org')], owners: ['me'] },
    { title: 'of a name that is also the replacement goes to the wildcard where both are there', options: { affixes: { wildcardReplacement: 'any' } }, name: 'any.example.org', records: [a('any.example.org'), a('*.example.org'), txt('a-any.example.org')], owners: [undefined] },
    { title: 'comes from a TXT below the name', name: 'example.org', records: [a('example.org'), txt('_external-dns-a.example.org')], owners: ['me'] },
    { title: 'comes from no TXT that is none of ours', name: 'web.example.org', records: [endpoint({ dnsName: 'web.example.org', recordType: 'TXT', targets: ['"v=spf1 -all"'] })], owners: [undefined] },
  ];
  for (const { title, options, name, records, owners } of cases)
    it(title, () => {
      const r = registry(options);
      assert.deepEqual(ownersOf(new Zone(r, records).labelled(name)), owners);
    });

  it('marks what has its ownership only in an older form, and is ours', () => {
    const mark = (records: readonly Endpoint[], options?: Options) => new Zone(registry(options), records).labelled('web.example.org').map((e) => property(e, forceUpdateProperty));
    assert.deepEqual(mark([a('web.example.org'), txt('web.example.org')]), ['true']);
    assert.deepEqual(mark([a('web.example.org'), txt('web.example.org', 'you')]), [undefined]);
    assert.deepEqual(mark([a('web.example.org'), txt('web.example.org', 'you')], { oldOwnerId: 'you' }), ['true']);
    assert.deepEqual(mark([a('web.example.org'), txt('web.example.org')], { managedTypes: ['CNAME'] }), [undefined]);
    assert.deepEqual(mark([a('web.example.org'), txt('a-web.example.org')]), [undefined]);
  });

  it('asks the provider for all names that bear on a name', () => {
    const names = registry({ managedTypes: ['A', 'AAAA'], affixes: { wildcardReplacement: 'any' } }).recordNames('*.example.org');
    for (const expected of ['*.example.org', 'any.example.org', 'a-any.example.org', 'aaaa-any.example.org', 'cname-any.example.org']) assert.ok(names.includes(expected), expected);
  });
});

describe('changes', () => {
  it('come with their ownership, and go with it', async () => {
    const r = registry();
    const zone = new Zone(r, []);
    await zone.apply(creates(a('web.example.org', { ttlSeconds: 60, providerSpecific: [{ name: 'x/y', value: '1' }], setIdentifier: 's' })));
    const ownership = zone.records.find((e) => e.recordType === 'TXT');
    assert.deepEqual([ownership?.dnsName, ownership?.ttlSeconds, ownership?.setIdentifier, ownership?.providerSpecific], ['a-web.example.org', 0, 's', [{ name: 'x/y', value: '1' }]]);
    await zone.apply(deletes(...zone.labelled('web.example.org')));
    assert.deepEqual(zone.names, []);
  });

  it('write ownership before the record, and delete it after', async () => {
    const zone = new Zone(registry(), []);
    const written = async (g: ChangeGroup) => (await zone.apply(g)).flatMap((o) => o.written?.changes ?? []).map((c) => (c.after ?? c.before)?.recordType);
    assert.deepEqual(await written(creates(a('web.example.org'))), ['TXT', 'A']);
    assert.deepEqual(await written(deletes(...zone.labelled('web.example.org'))), ['A', 'TXT']);
  });

  it('write a TXT that still stands not again', async () => {
    const zone = new Zone(registry(), [txt('a-web.example.org')]);
    const [outcome] = await zone.apply(creates(a('web.example.org')));
    assert.deepEqual(outcome?.written?.changes.length, 1);
    assert.deepEqual(ownersOf(zone.labelled('web.example.org')), ['me']);
  });

  it('complete ownership of the old form', async () => {
    const zone = new Zone(registry(), [a('web.example.org'), txt('web.example.org')]);
    const [before] = zone.labelled('web.example.org');
    assert.ok(before);
    const [outcome] = await zone.apply(updates(before, withoutProperty(before, forceUpdateProperty)));
    assert.deepEqual(zone.names, ['a-web.example.org TXT', 'web.example.org A', 'web.example.org TXT']);
    // the webhook protocol knows it as an update of what ExternalDNS v0.22 would think was there
    assert.deepEqual(outcome?.written?.changes.map((c) => (c.announced ?? c).action), ['update', 'update']);
    assert.deepEqual(zone.labelled('web.example.org').map((e) => property(e, forceUpdateProperty)), [undefined]);
  });

  it('delete the TXT by which the record is ours, and no other', async () => {
    const old = new Zone(registry(), [a('web.example.org'), txt('web.example.org')]);
    await old.apply(deletes(...old.labelled('web.example.org')));
    assert.deepEqual(old.names, []);
    const alias = [a('web.example.org', { providerSpecific: [{ name: 'alias', value: 'true' }] }), txt('cname-web.example.org')];
    const aliased = new Zone(registry(), alias);
    await aliased.apply(deletes(...aliased.labelled('web.example.org')));
    assert.deepEqual(aliased.names, []);
    const shared = new Zone(registry(), [a('web.example.org'), endpoint({ dnsName: 'web.example.org', recordType: 'MX', targets: ['10 mx.example.org'] }), txt('web.example.org')]);
    await shared.apply(deletes(...shared.labelled('web.example.org').filter((e) => e.recordType === 'A')));
    assert.deepEqual(shared.names, ['web.example.org MX', 'web.example.org TXT']);
  });

  it('move ownership by naming the old text', async () => {
    const zone = new Zone(registry({ oldOwnerId: 'old' }), [a('web.example.org'), txt('a-web.example.org', 'old')]);
    const [before] = zone.labelled('web.example.org');
    assert.ok(before);
    await zone.apply(updates(owned(before), a('web.example.org')));
    assert.deepEqual(ownersOf(zone.labelled('web.example.org')), ['me']);
  });

  it('leave an encrypted text that says the same as it is', async () => {
    const zone = new Zone(registry({ text: { key, encrypt: true } }), []);
    await zone.apply(creates(a('web.example.org')));
    const [text] = zone.records.flatMap((e) => (e.recordType === 'TXT' ? e.targets : []));
    const [before] = zone.labelled('web.example.org');
    assert.ok(before && text && !text.includes('heritage'));
    await zone.apply(updates(before, a('web.example.org', { targets: ['192.0.2.9'] })));
    assert.deepEqual(zone.records.flatMap((e) => (e.recordType === 'TXT' ? e.targets : [])), [text]);
  });

  it('keep the record of a TXT under the name that the provider has', async () => {
    const zone = new Zone(registry(), []);
    await zone.apply(creates(a('BÜCHER.example.org')));
    const [before] = zone.labelled('xn--bcher-kva.example.org');
    assert.equal(before?.labels[ownedRecordLabel], undefined);
    assert.deepEqual(ownersOf(zone.labelled('xn--bcher-kva.example.org')), ['me']);
  });

  const refused: readonly { title: string; options?: Options; records?: readonly Endpoint[]; create: Endpoint; reason: RegExp }[] = [
    { title: 'a label would be too long', create: a(`${'x'.repeat(62)}.example.org`), reason: /label of 64 characters.*--txt-prefix that ends in a dot/ },
    { title: 'a name would be too long', options: { affixes: { prefix: 'txt.' } }, create: a(`${Array.from({ length: 4 }, () => 'y'.repeat(61)).join('.')}.org`), reason: /longer than the 253/ },
    { title: 'another text stands there', records: [endpoint({ dnsName: 'a-web.example.org', recordType: 'TXT', targets: ['"hello"'] })], create: a('web.example.org'), reason: /another kind stands there; set another --txt-prefix/ },
    { title: 'it stands there for another owner', records: [txt('a-web.example.org', 'you')], create: a('web.example.org'), reason: /names owner "you"/ },
    { title: 'a wildcard has it', options: { affixes: { wildcardReplacement: 'any' } }, records: [a('*.example.org'), txt('a-any.example.org')], create: a('any.example.org'), reason: /set another --txt-wildcard-replacement/ },
  ];
  for (const { title, options, records = [], create, reason } of refused)
    it(`are not made where the ownership cannot be written: ${title}`, async () => {
      const zone = new Zone(registry(options), records);
      const [outcome] = await zone.apply(creates(create));
      assert.equal(outcome?.result, 'skipped');
      assert.match(outcome?.result === 'skipped' ? outcome.reason : '', reason);
      assert.equal(zone.records.length, records.length);
    });
});

describe('ownership at the apex of a zone', () => {
  const zoneOf = (): string => 'example.org';
  const cases: readonly { title: string; affixes: Partial<Affixes>; type: string; txt: string }[] = [
    { title: 'lies below it', affixes: {}, type: 'A', txt: '_external-dns-a.example.org TXT' },
    { title: 'lies below it with a prefix without dot', affixes: { prefix: 'own-' }, type: 'A', txt: '_external-dns-a.example.org TXT' },
    { title: 'lies below it with a suffix', affixes: { suffix: '-own' }, type: 'MX', txt: '_external-dns-mx.example.org TXT' },
    { title: 'has the usual name where that is in the zone', affixes: { prefix: '%{record_type}-own.' }, type: 'A', txt: 'a-own.example.org TXT' },
    { title: 'never has the old form, which would claim the texts of others', affixes: { prefix: 'own.' }, type: 'A', txt: '_external-dns-a.example.org TXT' },
  ];
  for (const { title, affixes, type, txt: expected } of cases)
    it(title, async () => {
      const zone = new Zone(registry({ affixes, zoneOf }), [endpoint({ dnsName: 'example.org', recordType: 'TXT', targets: ['"v=spf1 -all"'] })], 'example.org');
      const record = a('example.org', { recordType: type });
      await zone.apply(creates(record));
      assert.deepEqual(zone.names, [expected, `example.org ${type}`, 'example.org TXT'].sort());
      const [held] = zone.labelled('example.org').filter((e) => e.recordType === type);
      assert.deepEqual([held?.labels[ownerLabel], held?.providerSpecific], ['me', []]);
      assert.ok(held);
      await zone.apply(updates(held, { ...record, targets: ['x.example.net'] }));
      await zone.apply(deletes(...zone.labelled('example.org').filter((e) => e.recordType === type)));
      assert.deepEqual(zone.names, ['example.org TXT']);
    });
});

describe('any history', () => {
  it('never touches what is not ours, and never leaves a record of ours without its ownership', async () => {
    const hosts = ['example.org', 'web.example.org', 'a-web.example.org', '*.example.org', 'any.example.org', 'bücher.example.org'];
    const affixes = fc.constantFrom<Partial<Affixes>[]>({}, { prefix: 'own.' }, { prefix: '%{record_type}-own.' }, { suffix: '-own' }, { wildcardReplacement: 'any' });
    const step = fc.record({ host: fc.constantFrom(...hosts), type: fc.constantFrom('A', 'AAAA', 'MX'), ip: fc.constantFrom('192.0.2.1', '192.0.2.2') });
    const foreign = [a('byhand.example.org'), a('a-byhand.example.org'), endpoint({ dnsName: 'example.org', recordType: 'TXT', targets: ['"v=spf1 -all"'] }), a('you.example.org'), txt('a-you.example.org', 'you')];
    await fc.assert(
      fc.asyncProperty(affixes, fc.array(step, { maxLength: 12 }), fc.boolean(), async (fix, steps, encrypt) => {
        const r = registry({ affixes: fix, text: { key, encrypt }, zoneOf: () => 'example.org' });
        const zone = new Zone(r, foreign, 'example.org');
        for (const { host, type, ip } of steps) {
          const held = zone.labelled(normalizeName(host)).find((e) => e.recordType === type);
          const wanted = a(host, { recordType: type, targets: [ip] });
          if (!held) await zone.apply(creates(wanted));
          else if (held.labels[ownerLabel] !== 'me') continue;
          else if (held.targets[0] === ip) await zone.apply(deletes(held));
          else await zone.apply(updates(held, wanted));
        }
        for (const e of foreign) assert.ok(zone.records.includes(e));
        const others = new Set(foreign);
        for (const e of zone.records) {
          if (others.has(e) || e.recordType === 'TXT') continue;
          const held = zone.labelled(normalizeName(e.dnsName)).find((x) => x.recordType === e.recordType);
          assert.equal(held?.labels[ownerLabel], 'me', `${e.dnsName} ${e.recordType}`);
        }
      }),
      { numRuns: 150 },
    );
  });
});
