import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Change } from '../../endpoint/change.ts';
import { type Endpoint, endpoint, type EndpointFields } from '../../endpoint/endpoint.ts';
import { inOrder, type NormalForm, normalForms, toChanges, toEndpoint, toRecordSet } from './convert.ts';
import type { RecordSet } from './record-set.ts';

const alb = 'web-1.eu-central-1.elb.amazonaws.com';
const albZone = 'Z215JYRZR1TBD5';
const properties = (values: Readonly<Record<string, string>>): Endpoint['providerSpecific'] => Object.entries(values).map(([name, value]) => ({ name, value }));
const make = (fields: Partial<EndpointFields>, values: Readonly<Record<string, string>> = {}): Endpoint => endpoint({ dnsName: 'web.example.org', recordType: 'A', targets: ['192.0.2.1'], providerSpecific: properties(values), ...fields });
const form = (options: Partial<NormalForm> = {}): NormalForm => ({ preferCNAME: false, evaluateTargetHealth: true, zonesOf: () => ['ZOWN'], warn: () => {}, ...options });
const shown = (e: Endpoint): object => ({ type: e.recordType, targets: e.targets, ttl: e.ttlSeconds, ...Object.fromEntries(e.providerSpecific.map((p) => [p.name, p.value])) });

describe('normal forms', () => {
  const alias = { ttl: 0, 'aws/evaluate-target-health': 'true', alias: 'true', targets: [alb] };
  const cases: readonly { title: string; wish: Endpoint; options?: Partial<NormalForm>; forms: readonly object[] }[] = [
    { title: 'an address stays as it is', wish: make({ ttlSeconds: 60 }), forms: [{ type: 'A', targets: ['192.0.2.1'], ttl: 60 }] },
    { title: 'a CNAME to a name of AWS becomes two aliases', wish: make({ recordType: 'CNAME', targets: [alb] }), forms: [{ type: 'A', ...alias }, { type: 'AAAA', ...alias }] },
    { title: 'an alias has no TTL of its own', wish: make({ recordType: 'CNAME', targets: [alb], ttlSeconds: 77 }), forms: [{ type: 'A', ...alias, ttl: 300 }, { type: 'AAAA', ...alias, ttl: 300 }] },
    { title: 'another CNAME stays one', wish: make({ recordType: 'CNAME', targets: ['lb.example.net'] }), forms: [{ type: 'CNAME', targets: ['lb.example.net'], ttl: 0, alias: 'false' }] },
    { title: 'CNAMEs may be preferred', wish: make({ recordType: 'CNAME', targets: [alb] }), options: { preferCNAME: true }, forms: [{ type: 'CNAME', targets: [alb], ttl: 0, alias: 'false' }] },
    { title: 'one that asks for an alias gets it all the same', wish: make({ recordType: 'CNAME', targets: [alb] }, { alias: 'true' }), options: { preferCNAME: true }, forms: [{ type: 'A', ...alias }, { type: 'AAAA', ...alias }] },
    { title: 'an alias can be refused', wish: make({ recordType: 'CNAME', targets: [alb] }, { alias: 'false', 'aws/evaluate-target-health': 'true' }), forms: [{ type: 'CNAME', targets: [alb], ttl: 0, alias: 'false' }] },
    { title: 'an alias can be of IPv4 alone', wish: make({ recordType: 'CNAME', targets: [alb] }, { alias: 'A' }), forms: [{ type: 'A', ...alias }] },
    { title: 'an alias can be of IPv6 alone', wish: make({ recordType: 'CNAME', targets: [alb] }, { alias: 'AAAA' }), forms: [{ type: 'AAAA', ...alias }] },
    { title: 'health of targets is looked at as the flag says', wish: make({ recordType: 'CNAME', targets: [alb] }, { alias: 'A' }), options: { evaluateTargetHealth: false }, forms: [{ type: 'A', ...alias, 'aws/evaluate-target-health': 'false' }] },
    { title: 'or as the record says', wish: make({ targets: ['lb.example.org'] }, { alias: 'true', 'aws/evaluate-target-health': 'yes' }), forms: [{ type: 'A', ...alias, targets: ['lb.example.org'], 'aws/evaluate-target-health': 'false' }] },
    { title: 'addresses have no alias', wish: make({}, { alias: 'true', 'aws/evaluate-target-health': 'true' }), forms: [{ type: 'A', targets: ['192.0.2.1'], ttl: 0 }] },
    { title: 'types that can be no alias lose the wish for one', wish: make({ recordType: 'MX', targets: ['10 mail.example.org'] }, { alias: 'true' }), forms: [{ type: 'MX', targets: ['10 mail.example.org'], ttl: 0 }] },
    { title: 'the zone of a target is left out where it follows from the target', wish: make({ targets: [alb] }, { alias: 'true', 'aws/target-hosted-zone': `/hostedzone/${albZone}` }), forms: [{ type: 'A', ...alias }] },
    { title: 'or where it is the zone of the record', wish: make({ targets: ['lb.example.org'] }, { alias: 'true', 'aws/target-hosted-zone': 'ZOWN' }), forms: [{ type: 'A', ...alias, targets: ['lb.example.org'] }] },
    { title: 'another zone of a target is kept', wish: make({ targets: ['lb.example.net'] }, { alias: 'true', 'aws/target-hosted-zone': '/hostedzone/ZELSE' }), forms: [{ type: 'A', ...alias, targets: ['lb.example.net'], 'aws/target-hosted-zone': 'ZELSE' }] },
    { title: 'beside a continent there is no country', wish: make({ setIdentifier: 'x' }, { 'aws/geolocation-continent-code': 'EU', 'aws/geolocation-country-code': 'DE' }), forms: [{ type: 'A', targets: ['192.0.2.1'], ttl: 0, 'aws/geolocation-continent-code': 'EU' }] },
    { title: 'a bias of 0 is written', wish: make({ setIdentifier: 'x' }, { 'aws/geoproximity-region': 'eu-central-1' }), forms: [{ type: 'A', targets: ['192.0.2.1'], ttl: 0, 'aws/geoproximity-region': 'eu-central-1', 'aws/geoproximity-bias': '0' }] },
    { title: 'coordinates have no blanks', wish: make({ setIdentifier: 'x' }, { 'aws/geoproximity-coordinates': '52.52, 13.40', 'aws/geoproximity-bias': '+5' }), forms: [{ type: 'A', targets: ['192.0.2.1'], ttl: 0, 'aws/geoproximity-coordinates': '52.52,13.40', 'aws/geoproximity-bias': '5' }] },
    { title: 'coordinates that are none leave a bias of 0', wish: make({ setIdentifier: 'x' }, { 'aws/geoproximity-coordinates': '95,13' }), forms: [{ type: 'A', targets: ['192.0.2.1'], ttl: 0, 'aws/geoproximity-bias': '0' }] },
    { title: 'and what else is said of the place', wish: make({ setIdentifier: 'x' }, { 'aws/geoproximity-coordinates': '1,2,3', 'aws/geoproximity-region': 'eu-central-1' }), forms: [{ type: 'A', targets: ['192.0.2.1'], ttl: 0, 'aws/geoproximity-region': 'eu-central-1', 'aws/geoproximity-bias': '0' }] },
    { title: 'multivalue is wished by its property alone', wish: make({ setIdentifier: 'x' }, { 'aws/multi-value-answer': 'false' }), forms: [{ type: 'A', targets: ['192.0.2.1'], ttl: 0, 'aws/multi-value-answer': '' }] },
    { title: 'multivalue has no value', wish: make({ setIdentifier: 'x' }, { 'aws/multi-value-answer': 'true' }), forms: [{ type: 'A', targets: ['192.0.2.1'], ttl: 0, 'aws/multi-value-answer': '' }] },
    { title: 'fail-over is in capitals', wish: make({ setIdentifier: 'x' }, { 'aws/failover': 'primary' }), forms: [{ type: 'A', targets: ['192.0.2.1'], ttl: 0, 'aws/failover': 'PRIMARY' }] },
    { title: 'a weight that is none counts as 0', wish: make({ setIdentifier: 'x' }, { 'aws/weight': 'heavy' }), forms: [{ type: 'A', targets: ['192.0.2.1'], ttl: 0, 'aws/weight': '0' }] },
    { title: 'unknown properties of AWS are passed over, those of others stay', wish: make({}, { 'aws/nonsense': '1', other: '2' }), forms: [{ type: 'A', targets: ['192.0.2.1'], ttl: 0, other: '2' }] },
  ];
  for (const { title, wish, options, forms } of cases)
    it(title, () => {
      const normal = normalForms(wish, form(options));
      assert.deepEqual(normal.map(shown), forms);
      // what is written comes back so: a second run finds nothing to do
      for (const e of normal) {
        const read = toEndpoint(toRecordSet(e, 'ZOWN'), 'ZOWN');
        assert.ok(read);
        const byName = (x: Endpoint): object => Object.fromEntries(x.providerSpecific.filter((p) => p.name !== 'other').map((p) => [p.name, p.value]));
        assert.deepEqual(byName(read), byName(e));
        assert.deepEqual([read.recordType, read.targets, read.setIdentifier], [e.recordType, e.targets, e.setIdentifier]);
      }
      assert.deepEqual(normal.flatMap((e) => normalForms(e, form(options))), normal);
    });

  it('have names in xn--', () => assert.deepEqual(normalForms(make({ dnsName: 'Bücher.example.org' }), form()).map((e) => e.dnsName), ['xn--bcher-kva.example.org']));

  it('warn of weights and places that are none, and of regions that are not known', () => {
    const told: string[] = [];
    const warn = (_what: string, _e: Endpoint, value: string): unknown => told.push(value);
    normalForms(make({ setIdentifier: 'x' }, { 'aws/weight': 'heavy' }), form({ warn }));
    normalForms(make({ setIdentifier: 'x' }, { 'aws/geoproximity-coordinates': 'here' }), form({ warn }));
    normalForms(make({ recordType: 'CNAME', targets: ['web-1.xx-north-9.elb.amazonaws.com'] }), form({ warn }));
    assert.deepEqual(told, ['aws/weight: heavy', 'aws/geoproximity-coordinates: here', 'web-1.xx-north-9.elb.amazonaws.com']);
  });
});

describe('record sets become endpoints', () => {
  const alias = { zoneId: albZone, name: alb, evaluateTargetHealth: false };
  const cases: readonly { title: string; set: RecordSet; shape: object | undefined }[] = [
    { title: 'with their values', set: { name: 'web.example.org', type: 'A', values: ['192.0.2.1', '192.0.2.2'], ttlSeconds: 60 }, shape: { type: 'A', targets: ['192.0.2.1', '192.0.2.2'], ttl: 60 } },
    { title: 'a CNAME is no alias', set: { name: 'web.example.org', type: 'CNAME', values: ['lb.example.net'], ttlSeconds: 60 }, shape: { type: 'CNAME', targets: ['lb.example.net'], ttl: 60, alias: 'false' } },
    { title: 'an alias has a TTL of 300', set: { name: 'web.example.org', type: 'A', values: [], alias }, shape: { type: 'A', targets: [alb], ttl: 300, 'aws/evaluate-target-health': 'false', alias: 'true' } },
    { title: 'an alias in its own zone', set: { name: 'web.example.org', type: 'A', values: [], alias: { ...alias, zoneId: 'ZOWN', name: 'lb.example.org' } }, shape: { type: 'A', targets: ['lb.example.org'], ttl: 300, 'aws/evaluate-target-health': 'false', alias: 'true' } },
    { title: 'an alias to a zone that does not follow', set: { name: 'web.example.org', type: 'A', values: [], alias: { ...alias, zoneId: 'ZELSE', name: 's3-website.example.net' } }, shape: { type: 'A', targets: ['s3-website.example.net'], ttl: 300, 'aws/evaluate-target-health': 'false', alias: 'true', 'aws/target-hosted-zone': 'ZELSE' } },
    { title: 'a type that is not managed is none', set: { name: 'example.org', type: 'SOA', values: ['x'], ttlSeconds: 60 }, shape: undefined },
    { title: 'nothing in it is none', set: { name: 'example.org', type: 'A', values: [] }, shape: undefined },
  ];
  for (const { title, set, shape } of cases)
    it(title, () => {
      const e = toEndpoint(set, 'ZOWN');
      assert.deepEqual(e && shown(e), shape);
      if (e) assert.deepEqual(toRecordSet(e, 'ZOWN'), set);
    });
});

describe('an alias to another name of its zone', () => {
  it('has the id of each zone that it is put into', () => {
    const e = make({ targets: ['lb.example.org'] }, { alias: 'true' });
    assert.deepEqual(['ZPUBLIC', 'ZPRIVATE'].map((zone) => toRecordSet(e, zone).alias?.zoneId), ['ZPUBLIC', 'ZPRIVATE']);
  });
});

describe('changes', () => {
  const weighted = make({ setIdentifier: 'x' }, { 'aws/weight': '1' });
  const cases: readonly { title: string; change: Change; calls: readonly string[] }[] = [
    { title: 'a new record is made, and never overwrites another', change: { action: 'create', after: make({}) }, calls: ['CREATE'] },
    { title: 'a record goes', change: { action: 'delete', before: make({}) }, calls: ['DELETE'] },
    { title: 'a target changes', change: { action: 'update', before: make({}), after: make({ targets: ['192.0.2.2'] }) }, calls: ['UPSERT'] },
    { title: 'a weight changes', change: { action: 'update', before: weighted, after: make({ setIdentifier: 'x' }, { 'aws/weight': '2' }) }, calls: ['UPSERT'] },
    { title: 'another routing policy goes and comes', change: { action: 'update', before: weighted, after: make({ setIdentifier: 'x' }, { 'aws/region': 'eu-central-1' }) }, calls: ['DELETE', 'CREATE'] },
    { title: 'values that become an alias go and come', change: { action: 'update', before: make({}), after: make({ targets: [alb] }, { alias: 'true' }) }, calls: ['DELETE', 'CREATE'] },
    { title: 'a country that becomes a continent stays geolocation', change: { action: 'update', before: make({ setIdentifier: 'x' }, { 'aws/geolocation-country-code': 'DE' }), after: make({ setIdentifier: 'x' }, { 'aws/geolocation-continent-code': 'EU' }) }, calls: ['UPSERT'] },
  ];
  for (const { title, change, calls } of cases) it(title, () => assert.deepEqual(toChanges(change, 'Z').map((c) => c.action), calls));

  it('come after all that goes', () => {
    const replaced = (id: string): Change => ({ action: 'update', before: make({ setIdentifier: id }, { 'aws/weight': '1' }), after: make({ setIdentifier: id }, { 'aws/region': 'eu-central-1' }) });
    assert.deepEqual(inOrder(['a', 'b'].flatMap((id) => toChanges(replaced(id), 'Z'))).map((c) => `${c.action} ${c.set.setIdentifier}`), ['DELETE a', 'DELETE b', 'CREATE a', 'CREATE b']);
  });
});
