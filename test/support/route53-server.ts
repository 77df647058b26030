import { parseXml, XmlElement } from '@rgrove/parse-xml';
import { AwsRefusal } from '../../src/http/aws/errors.ts';
import type { RecordSet, RecordSetChange } from '../../src/providers/aws/record-set.ts';
import { FakeRoute53, type FakeHostedZone } from './fake-route53.ts';
import { type FakeAnswer, type FakeCall, HttpFake } from './http-fake.ts';

/** Route 53 by its REST API with XML, version 2013-04-01, in front of zones in memory. */
export async function startRoute53(zones: readonly FakeHostedZone[]): Promise<{ readonly http: HttpFake; readonly zones: FakeRoute53 }> {
  const fake = new FakeRoute53(zones);
  return { http: await HttpFake.start((call) => answer(fake, call)), zones: fake };
}

export const awsFailure = (status: number, code: string, message: string): FakeAnswer => ({ status, headers: { 'content-type': 'text/xml' }, body: xml('ErrorResponse', tag('Error', tag('Type', 'Sender'), tag('Code', code), tag('Message', escaped(message)))) });

async function answerOf(fake: FakeRoute53, { method, path, query, body }: FakeCall): Promise<string> {
  const [, version, kind, id = '', sub] = path.split('/');
  if (version !== '2013-04-01') throw new AwsRefusal(`no such path: ${path}`, 'InvalidAction');
  if (kind === 'tags') {
    const tags = await fake.tagsOfZones();
    const wanted = all(all(rootOf(body), 'ResourceIds')[0], 'ResourceId').map((e) => e.text);
    const sets = wanted.map((zone) => tag('ResourceTagSet', tag('ResourceType', 'hostedzone'), tag('ResourceId', zone), tag('Tags', ...[...(tags.get(zone) ?? [])].map(([key, value]) => tag('Tag', tag('Key', key), tag('Value', value))))));
    return xml('ListTagsForResourcesResponse', tag('ResourceTagSets', ...sets));
  }
  if (id === '') {
    const zones = await fake.hostedZones();
    const start = Number(query.get('marker') ?? 0);
    const page = zones.slice(start, start + 100).map((z) => tag('HostedZone', tag('Id', `/hostedzone/${z.id}`), tag('Name', `${z.name}.`), tag('Config', tag('PrivateZone', String(z.private))), tag('ResourceRecordSetCount', String(z.recordCount))));
    const more = start + 100 < zones.length;
    return xml('ListHostedZonesResponse', tag('HostedZones', ...page), tag('IsTruncated', String(more)), more ? tag('NextMarker', String(start + 100)) : '', tag('MaxItems', '100'));
  }
  if (sub !== 'rrset') throw new AwsRefusal(`no such path: ${path}`, 'InvalidAction');
  if (method === 'POST') {
    const changes = all(all(all(rootOf(body), 'ChangeBatch')[0], 'Changes')[0], 'Change');
    await fake.change({ id }, changes.map((c) => ({ action: textOf(c, 'Action') as RecordSetChange['action'], set: setOf(all(c, 'ResourceRecordSet')[0]) })));
    return xml('ChangeResourceRecordSetsResponse', tag('ChangeInfo', tag('Id', '/change/C1'), tag('Status', 'PENDING')));
  }
  const [name, type, identifier] = ['name', 'type', 'identifier'].map((key) => query.get(key) ?? undefined);
  const { sets, next } = await fake.recordSets({ id }, name === undefined ? undefined : { name: readName(name), type, identifier }, Number(query.get('maxitems') ?? 300));
  const rest = next ? [tag('NextRecordName', writeName(next.name)), tag('NextRecordType', next.type ?? ''), next.identifier === undefined ? '' : tag('NextRecordIdentifier', escaped(next.identifier))] : [];
  return xml('ListResourceRecordSetsResponse', tag('ResourceRecordSets', ...sets.map(setXml)), tag('IsTruncated', String(next !== undefined)), ...rest, tag('MaxItems', '300'));
}

function answer(fake: FakeRoute53, call: FakeCall): Promise<FakeAnswer> {
  return answerOf(fake, call).then(
    (body) => ({ status: 200, headers: { 'content-type': 'text/xml' }, body }),
    (error: unknown) => {
      if (!(error instanceof AwsRefusal)) throw error;
      return awsFailure(error.code === 'NoSuchHostedZone' ? 404 : 400, error.code, error.message);
    },
  );
}

function setOf(element: XmlElement | undefined): RecordSet {
  const [alias] = all(element, 'AliasTarget');
  const [ttl, set, weight] = ['TTL', 'SetIdentifier', 'Weight'].map((name) => textOf(element, name));
  return {
    name: readName(textOf(element, 'Name') ?? ''),
    type: textOf(element, 'Type') ?? '',
    values: all(all(element, 'ResourceRecords')[0], 'ResourceRecord').map((r) => textOf(r, 'Value') ?? ''),
    ...(ttl !== undefined && { ttlSeconds: Number(ttl) }),
    ...(set !== undefined && { setIdentifier: set }),
    ...(weight !== undefined && { weight }),
    ...(alias && { alias: { zoneId: textOf(alias, 'HostedZoneId') ?? '', name: readName(textOf(alias, 'DNSName') ?? ''), evaluateTargetHealth: textOf(alias, 'EvaluateTargetHealth') === 'true' } }),
  };
}

function setXml({ name, type, setIdentifier, weight, ttlSeconds, values, alias }: RecordSet): string {
  const optional = (key: string, value: string | number | undefined): string => (value === undefined ? '' : tag(key, escaped(String(value))));
  return tag(
    'ResourceRecordSet',
    tag('Name', writeName(name)),
    tag('Type', type),
    optional('SetIdentifier', setIdentifier),
    optional('Weight', weight),
    optional('TTL', ttlSeconds),
    alias ? '' : tag('ResourceRecords', ...values.map((value) => tag('ResourceRecord', tag('Value', escaped(value))))),
    alias ? tag('AliasTarget', tag('HostedZoneId', alias.zoneId), tag('DNSName', writeName(alias.name)), tag('EvaluateTargetHealth', String(alias.evaluateTargetHealth))) : '',
  );
}

function rootOf(text: string): XmlElement | undefined {
  return parseXml(text).root ?? undefined;
}
const all = (element: XmlElement | undefined, name: string): XmlElement[] => (element?.children ?? []).filter((c): c is XmlElement => c instanceof XmlElement && c.name === name);
const textOf = (element: XmlElement | undefined, name: string): string | undefined => all(element, name)[0]?.text;
const tag = (name: string, ...content: readonly string[]): string => `<${name}>${content.join('')}</${name}>`;
const xml = (name: string, ...content: readonly string[]): string => `<?xml version="1.0"?><${name} xmlns="https://route53.amazonaws.com/doc/2013-04-01/">${content.join('')}</${name}>`;
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
/** Of odd characters only the asterisk: the story has no others. */
const writeName = (name: string): string => `${name.replaceAll('*', '\\052')}.`;
const readName = (name: string): string => name.replaceAll('\\052', '*').replace(/\.$/, '').toLowerCase();
