import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseXml } from '@rgrove/parse-xml';
import fc from 'fast-check';
import { SoftError } from '../../errors.ts';
import type { RecordSet } from './record-set.ts';
import { readAnswer, readRecordSet, writeChanges, writeResourceIds } from './xml.ts';

/** A record set as it comes back after it was sent. */
function sent(set: RecordSet): RecordSet {
  const change = readAnswer(writeChanges([{ action: 'UPSERT', set }]), 'ChangeResourceRecordSetsRequest').child('ChangeBatch')?.list('Changes', 'Change')[0];
  assert.equal(change?.text('Action'), 'UPSERT');
  const node = change?.child('ResourceRecordSet');
  assert.ok(node);
  return readRecordSet(node);
}

describe('record sets in XML', () => {
  const base = { name: 'web.example.org', type: 'A', values: ['192.0.2.1'], ttlSeconds: 300 };
  const cases: readonly (readonly [title: string, set: RecordSet])[] = [
    ['values with a TTL', base],
    ['an alias', { name: 'web.example.org', type: 'AAAA', values: [], alias: { zoneId: 'Z1', name: 'lb.example.org', evaluateTargetHealth: true } }],
    ['a wildcard', { ...base, name: '*.example.org' }],
    ['a weight and a health check', { ...base, setIdentifier: 'one', weight: '0', healthCheckId: 'h1' }],
    ['a region', { ...base, setIdentifier: 'one', region: 'eu-central-1' }],
    ['fail-over', { ...base, setIdentifier: 'one', failover: 'PRIMARY' }],
    ['multivalue', { ...base, setIdentifier: 'one', multiValueAnswer: true }],
    ['a continent', { ...base, setIdentifier: 'one', geoLocation: { continent: 'EU' } }],
    ['a country', { ...base, setIdentifier: 'one', geoLocation: { country: 'US', subdivision: 'NY' } }],
    ['coordinates', { ...base, setIdentifier: 'one', geoProximity: { coordinates: { latitude: '52.52', longitude: '13.40' }, bias: '-5' } }],
    ['a local zone group', { ...base, setIdentifier: 'one', geoProximity: { localZoneGroup: 'us-west-2-lax-1', bias: '0' } }],
    ['texts with signs of XML', { name: 't.example.org', type: 'TXT', values: ['"a <b> & \'c\' \\"d\\""'], ttlSeconds: 60 }],
  ];
  for (const [title, set] of cases) it(`keep ${title}`, () => assert.deepEqual(sent(set), set));

  it('keep any text', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // control characters have no place in XML, and no value has a carriage return
        const printable = text.replace(/[^\t\n\x20-\uD7FF\uE000-\uFFFD]/gu, '');
        assert.deepEqual(sent({ ...base, values: [`x${printable}`] }).values, [`x${printable}`]);
      }),
    ));

  it('may have a TTL of 0', () => assert.equal(sent({ ...base, ttlSeconds: 0 }).ttlSeconds, 0));
});

it('ids of zones are sent in a list', () => assert.match(writeResourceIds(['Z1', 'Z2']), /<ResourceIds><ResourceId>Z1<\/ResourceId><ResourceId>Z2<\/ResourceId><\/ResourceIds>/));
it('what is sent is well-formed', () => assert.equal(parseXml(writeResourceIds(['<&>'])).root?.text, '<&>'));

describe('answers', () => {
  it('of another kind are trouble that may pass', () => assert.throws(() => readAnswer('<html></html>', 'ListHostedZonesResponse'), SoftError));
  it('that are no XML are, too', () => assert.throws(() => readAnswer('<<<', 'ListHostedZonesResponse'), /no XML where ListHostedZonesResponse/));
});
