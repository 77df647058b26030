import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { Change } from '../../endpoint/change.ts';
import { type Endpoint, withProperty } from '../../endpoint/endpoint.ts';
import type { PdnsRecordSet, PdnsRecordSetChange } from './client.ts';
import { adjustEndpoint, disabledRecords, normalText, toEndpoints, toRecordSets } from './convert.ts';

const set = (name: string, type: string, ...contents: string[]): PdnsRecordSet => ({ name, type, ttl: 300, records: contents.map((c) => (c.startsWith('#') ? { content: c.slice(1), disabled: true } : { content: c, disabled: false })) });
const e = (name: string, type: string, ...targets: string[]): Endpoint => makeEndpoint(name, type, targets, { ttlSeconds: 60 });
const alias = (endpoint: Endpoint, value = 'true'): Endpoint => withProperty(endpoint, 'alias', value);
const shown = (x: Endpoint): string => `${x.dnsName} ${x.recordType} ${x.targets.join(',')}${x.providerSpecific.map((p) => ` ${p.name}=${p.value}`).join('')}`;
const isApex = (name: string): boolean => name === 'example.org';

describe('reading PowerDNS record sets', () => {
  const cases: readonly { readonly title: string; readonly sets: readonly PdnsRecordSet[]; readonly want: readonly string[] }[] = [
    { title: 'takes final dots away', sets: [set('www.example.org.', 'CNAME', 'lb.example.net.')], want: ['www.example.org CNAME lb.example.net'] },
    { title: 'keeps the final dot of SRV hosts', sets: [set('_sip._udp.example.org.', 'SRV', '0 5 5060 sip.example.org.')], want: ['_sip._udp.example.org SRV 0 5 5060 sip.example.org.'] },
    { title: 'reads an ALIAS at the apex as CNAME', sets: [set('example.org.', 'ALIAS', 'lb.example.net.')], want: ['example.org CNAME lb.example.net'] },
    { title: 'reads an ALIAS below the apex as CNAME with the property', sets: [set('app.example.org.', 'ALIAS', 'lb.example.net.')], want: ['app.example.org CNAME lb.example.net alias=true'] },
    { title: 'leaves disabled records out', sets: [set('web.example.org.', 'A', '192.0.2.1', '#192.0.2.2')], want: ['web.example.org A 192.0.2.1'] },
    { title: 'leaves sets with only disabled records out', sets: [set('web.example.org.', 'A', '#192.0.2.2')], want: [] },
    { title: 'leaves the SOA and the NS of the zone out', sets: [set('example.org.', 'SOA', 'x'), set('example.org.', 'NS', 'ns1.example.net.'), set('sub.example.org.', 'NS', 'ns1.example.net.')], want: ['sub.example.org NS ns1.example.net'] },
    { title: 'leaves other types out', sets: [set('web.example.org.', 'TLSA', '3 1 1 00')], want: [] },
    { title: 'knows the zone in any spelling', sets: [set('Example.ORG.', 'ALIAS', 'lb.example.net.')], want: ['Example.ORG CNAME lb.example.net'] },
  ];
  for (const { title, sets, want } of cases) it(title, () => assert.deepEqual(toEndpoints(sets, 'Example.org.').map(shown), want));
});

describe('wishes for PowerDNS', () => {
  const cases: readonly (readonly [title: string, wish: Endpoint, want: string])[] = [
    ['keep alias below the apex', alias(e('app.example.org', 'CNAME', 'lb.example.net')), 'app.example.org CNAME lb.example.net alias=true'],
    ['need no alias at the apex', alias(e('example.org', 'CNAME', 'lb.example.net')), 'example.org CNAME lb.example.net'],
    ['lose alias=false', alias(e('app.example.org', 'CNAME', 'lb.example.net'), 'false'), 'app.example.org CNAME lb.example.net'],
    ['lose alias on other types', alias(e('app.example.org', 'A', '192.0.2.1')), 'app.example.org A 192.0.2.1'],
    ['lose properties that PowerDNS has not', withProperty(e('app.example.org', 'A', '192.0.2.1'), 'weight', '5'), 'app.example.org A 192.0.2.1'],
    ['get quotes around a text', e('note.example.org', 'TXT', 'a "note"'), 'note.example.org TXT "a \\"note\\""'],
  ];
  for (const [title, wish, want] of cases) it(title, () => assert.equal(shown(adjustEndpoint(wish, isApex)), want));
});

describe('writing PowerDNS record sets', () => {
  const create = (after: Endpoint): Change => ({ action: 'create', after });
  const update = (before: Endpoint, after: Endpoint): Change => ({ action: 'update', before, after });
  const remove = (before: Endpoint): Change => ({ action: 'delete', before });
  const short = (s: PdnsRecordSetChange): string => `${s.changetype} ${s.name} ${s.type}${s.changetype === 'REPLACE' ? ` ${s.ttl} ${s.records.map((r) => `${r.disabled ? '#' : ''}${r.content}`).join(',')}` : ''}`;
  const cname = e('www.example.org', 'CNAME', 'lb.example.net');
  const cases: readonly { readonly title: string; readonly changes: readonly Change[]; readonly disabled?: readonly PdnsRecordSet[]; readonly want: readonly string[] }[] = [
    { title: 'creates, with final dots', changes: [create(cname)], want: ['REPLACE www.example.org. CNAME 60 lb.example.net.'] },
    { title: 'replaces on an update', changes: [update(e('web.example.org', 'A', '192.0.2.1'), e('web.example.org', 'A', '192.0.2.2', '192.0.2.3'))], want: ['REPLACE web.example.org. A 60 192.0.2.2,192.0.2.3'] },
    { title: 'changes the type in one call, what goes first', changes: [create(cname), remove(e('www.example.org', 'A', '192.0.2.1'))], want: ['DELETE www.example.org. A', 'REPLACE www.example.org. CNAME 60 lb.example.net.'] },
    { title: 'makes a CNAME of an ALIAS', changes: [update(alias(cname), cname)], want: ['DELETE www.example.org. ALIAS', 'REPLACE www.example.org. CNAME 60 lb.example.net.'] },
    { title: 'makes an ALIAS of a CNAME', changes: [update(cname, alias(cname))], want: ['DELETE www.example.org. CNAME', 'REPLACE www.example.org. ALIAS 60 lb.example.net.'] },
    { title: 'removes an ALIAS below the apex', changes: [remove(alias(cname))], want: ['DELETE www.example.org. ALIAS'] },
    { title: 'writes an apex CNAME as ALIAS', changes: [create(e('Example.org', 'CNAME', 'lb.example.net'))], want: ['REPLACE example.org. ALIAS 60 lb.example.net.'] },
    { title: 'keeps what is disabled where nothing else was', changes: [create(e('web.example.org', 'A', '192.0.2.1'))], disabled: [set('web.example.org.', 'A', '#192.0.2.9')], want: ['REPLACE web.example.org. A 60 192.0.2.1,#192.0.2.9'] },
    { title: 'replaces disabled records with the set that they are part of', changes: [update(e('web.example.org', 'A', '192.0.2.1'), e('web.example.org', 'A', '192.0.2.2'))], disabled: [set('web.example.org.', 'A', '192.0.2.1', '#192.0.2.9')], want: ['REPLACE web.example.org. A 60 192.0.2.2'] },
    { title: 'removes disabled records with the set that they are part of', changes: [remove(e('web.example.org', 'A', '192.0.2.1'))], disabled: [set('web.example.org.', 'A', '192.0.2.1', '#192.0.2.9')], want: ['DELETE web.example.org. A'] },
    { title: 'enables a disabled record that is wished for', changes: [create(e('web.example.org', 'A', '192.0.2.9'))], disabled: [set('web.example.org.', 'A', '#192.0.2.9')], want: ['REPLACE web.example.org. A 60 192.0.2.9'] },
    { title: 'writes names in lower case and xn--', changes: [create(e('Bücher.Example.org', 'A', '192.0.2.1'))], want: ['REPLACE xn--bcher-kva.example.org. A 60 192.0.2.1'] },
    { title: 'names no record set twice', changes: [remove(e('web.example.org', 'A', '192.0.2.1')), create(e('web.example.org', 'A', '192.0.2.2'))], want: ['REPLACE web.example.org. A 60 192.0.2.2'] },
    { title: 'puts quotes around a text', changes: [create(e('note.example.org', 'TXT', 'a note'))], want: ['REPLACE note.example.org. TXT 60 "a note"'] },
    { title: 'divides a long text', changes: [create(e('note.example.org', 'TXT', `"${'x'.repeat(300)}"`))], want: [`REPLACE note.example.org. TXT 60 "${'x'.repeat(255)}" "${'x'.repeat(45)}"`] },
  ];
  for (const { title, changes, disabled = [], want } of cases) it(title, () => assert.deepEqual(toRecordSets(changes, 'example.org.', disabledRecords(disabled)).map(short), want));
});

describe('the normal form of texts', () => {
  const cases: readonly (readonly [title: string, text: string, want: string])[] = [
    ['quotes what has none', 'v=spf1 -all', '"v=spf1 -all"'],
    ['keeps what has them', '"v=spf1 -all"', '"v=spf1 -all"'],
    ['keeps two strings apart', '"a" "b"', '"a" "b"'],
    ['joins a string that was divided for its length', `"${'x'.repeat(255)}" "yz"`, `"${'x'.repeat(255)}yz"`],
    ['escapes other bytes as PowerDNS does', '"ü"', '"\\195\\188"'],
    ['takes an unfinished quote as it is', '"half', '"\\"half"'],
    ['knows the empty text', '', '""'],
  ];
  for (const [title, text, want] of cases) it(title, () => assert.equal(normalText(text), want));
  it('is a fixed point', () => fc.assert(fc.property(fc.string({ maxLength: 600 }), (text) => assert.equal(normalText(normalText(text)), normalText(text)))));
});
