import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Endpoint, endpoint } from '../../endpoint/endpoint.ts';
import { describeDrift, findDrift, type ForeignWish, type OwnershipSettings } from './ownership-drift.ts';

const settings: OwnershipSettings = { registry: 'txt', ownerId: 'me', prefix: '', suffix: '', wildcardReplacement: '', text: { key: undefined, encrypt: false } };
const txt = (dnsName: string, owner: string, resource = 'service/shop/web'): Endpoint =>
  endpoint({ dnsName, recordType: 'TXT', targets: [`"heritage=external-dns,external-dns/owner=${owner},external-dns/resource=${resource}"`] });
const wish = (name = 'web.example.org', resource = 'service/shop/web'): ForeignWish => ({ name, resources: [resource] });

describe('findDrift', () => {
  const cases: readonly [about: string, record: Endpoint, wishes: readonly ForeignWish[], other: Partial<OwnershipSettings>, said: string | undefined][] = [
    ['another owner', txt('a-web.example.org', 'old'), [wish()], {}, '1 record of owner "old" names an object that is here, but is not ours: is --txt-owner-id wrong?'],
    ['another prefix', txt('_x.a-web.example.org', 'me'), [wish()], {}, '1 record of owner "me" (prefix "_x.") names an object that is here, but is not ours: is --txt-prefix wrong?'],
    ['a prefix that is new', txt('cname-web.example.org', 'me'), [wish()], { prefix: '_x.' }, '1 record of owner "me" names an object that is here, but is not ours: is --txt-prefix wrong?'],
    ['a prefix with the type', txt('a.own.web.example.org', 'me'), [wish()], {}, '1 record of owner "me" (prefix "%{record_type}.own.") names an object that is here, but is not ours: is --txt-prefix wrong?'],
    ['a prefix that begins with the type', txt('a-own.web.example.org', 'me'), [wish()], {}, '1 record of owner "me" (prefix "%{record_type}-own.") names an object that is here, but is not ours: is --txt-prefix wrong?'],
    ['a suffix', txt('a-web-own.example.org', 'me'), [wish()], {}, '1 record of owner "me" (suffix "-own") names an object that is here, but is not ours: is --txt-suffix wrong?'],
    ['another owner and prefix', txt('_x.a-web.example.org', 'old'), [wish()], {}, '1 record of owner "old" (prefix "_x.") names an object that is here, but is not ours: are --txt-owner-id and --txt-prefix wrong?'],
    ['a wildcard replacement', txt('a-any.example.org', 'me'), [wish('*.example.org')], {}, '1 record of owner "me" ("any" instead of "*") names an object that is here, but is not ours: is --txt-wildcard-replacement wrong?'],
    ['a wildcard replacement that is new', txt('a-*.example.org', 'me'), [wish('*.example.org')], { wildcardReplacement: 'any' }, '1 record of owner "me" names an object that is here, but is not ours: is --txt-wildcard-replacement wrong?'],
    ['another registry', txt('a-web.example.org', 'me'), [wish()], { registry: 'crd' }, '1 record of owner "me" names an object that is here, but is not ours: is --registry=crd wrong?'],
    ['nothing where the object is not here', txt('a-web.example.org', 'old', 'service/shop/api'), [wish()], {}, undefined],
    ['nothing where the object of another cluster has the same name, but wants another', txt('a-web.example.net', 'old'), [wish()], {}, undefined],
    ['nothing of other texts', endpoint({ dnsName: 'web.example.org', recordType: 'TXT', targets: ['v=spf1 -all'] }), [wish()], {}, undefined],
    ['nothing where all settings are the same', txt('a-web.example.org', 'me'), [wish()], {}, undefined],
  ];
  for (const [about, record, wishes, other, said] of cases) it(`finds ${about}`, () => assert.deepEqual(findDrift(wishes, [record], { ...settings, ...other }).map(describeDrift), said === undefined ? [] : [said]));

  it('counts names, by owner and affix, the most first', () => {
    const names = Array.from({ length: 8 }, (_, i) => `n${i}.example.org`);
    const records = names.flatMap((n, i) => (i < 6 ? [txt(`_x.a-${n}`, 'old'), txt(`_x.aaaa-${n}`, 'old')] : [txt(`a-${n}`, 'older')]));
    const drifts = findDrift(names.map((n) => wish(n)), records, settings);
    assert.deepEqual(drifts.map((d) => [d.count, d.owner, d.prefix]), [[6, 'old', '_x.'], [2, 'older', '']]);
    assert.deepEqual(drifts[0]?.examples, names.slice(0, 5));
    assert.equal(drifts[0] && describeDrift(drifts[0]), '6 records of owner "old" (prefix "_x.") name objects that are here, but are not ours: are --txt-owner-id and --txt-prefix wrong?');
  });

  it('takes the name that fits best, where an object wants several', () => {
    const [drift] = findDrift([wish('web.example.org'), wish('my-web.example.org')], [txt('a-my-web.example.org', 'old')], settings);
    assert.deepEqual([drift?.prefix, drift?.examples], ['', ['my-web.example.org']]);
  });
});
