import { parseXml, XmlElement } from '@rgrove/parse-xml';
import { SoftError } from '../../errors.ts';
import { readName, writeName } from './names.ts';
import type { GeoLocation, GeoProximity, RecordSet, RecordSetChange } from './record-set.ts';

/** An element of an answer, with what is needed to read it. */
export class Node {
  readonly #element: XmlElement;
  constructor(element: XmlElement) {
    this.#element = element;
  }
  child(name: string): Node | undefined {
    const found = this.#element.children.find((c): c is XmlElement => c instanceof XmlElement && c.name === name);
    return found && new Node(found);
  }
  /** The children of one name in a list: `<HostedZones><HostedZone/>...</HostedZones>`. */
  list(name: string, item: string): Node[] {
    const list = this.child(name);
    if (!list) return [];
    return list.#element.children.filter((c): c is XmlElement => c instanceof XmlElement && c.name === item).map((c) => new Node(c));
  }
  text(name: string): string | undefined {
    const found = this.child(name);
    return found && found.#element.text;
  }
}

/** The root element of an answer. Throws SoftError where it is none of the expected name. */
export function readAnswer(xml: string, name: string): Node {
  let root: XmlElement | null;
  try {
    root = parseXml(xml).root;
  } catch (error) {
    throw new SoftError(`Route 53 gave an answer that is no XML where ${name} was expected`, { cause: error });
  }
  if (root?.name !== name) throw new SoftError(`Route 53 answered ${root?.name ?? 'nothing'} where ${name} was expected`);
  return new Node(root);
}

export function readRecordSet(node: Node): RecordSet {
  const alias = node.child('AliasTarget');
  const geo = node.child('GeoLocation');
  const proximity = node.child('GeoProximityLocation');
  const ttl = node.text('TTL');
  return {
    name: readName(node.text('Name') ?? ''),
    type: node.text('Type') ?? '',
    values: node.list('ResourceRecords', 'ResourceRecord').map((r) => r.text('Value') ?? ''),
    ...(ttl !== undefined && { ttlSeconds: Number(ttl) }),
    ...optional('setIdentifier', node.text('SetIdentifier')),
    ...(alias && { alias: { zoneId: alias.text('HostedZoneId') ?? '', name: readName(alias.text('DNSName') ?? ''), evaluateTargetHealth: alias.text('EvaluateTargetHealth') === 'true' } }),
    ...optional('weight', node.text('Weight')),
    ...optional('region', node.text('Region')),
    ...optional('failover', node.text('Failover')),
    ...(node.text('MultiValueAnswer') === 'true' && { multiValueAnswer: true }),
    ...(geo && { geoLocation: { ...optional('continent', geo.text('ContinentCode')), ...optional('country', geo.text('CountryCode')), ...optional('subdivision', geo.text('SubdivisionCode')) } satisfies GeoLocation }),
    ...(proximity && { geoProximity: readProximity(proximity) }),
    ...optional('healthCheckId', node.text('HealthCheckId')),
  };
}

function readProximity(node: Node): GeoProximity {
  const at = node.child('Coordinates');
  return {
    ...optional('region', node.text('AWSRegion')),
    ...optional('localZoneGroup', node.text('LocalZoneGroup')),
    ...optional('bias', node.text('Bias')),
    ...(at && { coordinates: { latitude: at.text('Latitude') ?? '', longitude: at.text('Longitude') ?? '' } }),
  };
}

const optional = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> => (value === undefined || value === '' ? {} : ({ [key]: value } as Record<K, string>));

const namespace = 'https://route53.amazonaws.com/doc/2013-04-01/';

/** The body of ChangeResourceRecordSets. */
export function writeChanges(changes: readonly RecordSetChange[]): string {
  const list = changes.map(({ action, set }) => tag('Change', tag('Action', escape(action)), tag('ResourceRecordSet', ...recordSetParts(set))));
  return document('ChangeResourceRecordSetsRequest', tag('ChangeBatch', tag('Changes', ...list)));
}

/** The body of ListTagsForResources. */
export const writeResourceIds = (ids: readonly string[]): string => document('ListTagsForResourcesRequest', tag('ResourceIds', ...ids.map((id) => tag('ResourceId', escape(id)))));

/** In the order of the API's schema. */
function recordSetParts(set: RecordSet): string[] {
  const { alias, geoLocation: geo, geoProximity: near } = set;
  return [
    tag('Name', escape(writeName(set.name))),
    tag('Type', escape(set.type)),
    leaf('SetIdentifier', set.setIdentifier),
    leaf('Weight', set.weight),
    leaf('Region', set.region),
    geo ? tag('GeoLocation', leaf('ContinentCode', geo.continent), leaf('CountryCode', geo.country), leaf('SubdivisionCode', geo.subdivision)) : '',
    leaf('Failover', set.failover),
    leaf('MultiValueAnswer', set.multiValueAnswer ? 'true' : undefined),
    leaf('TTL', alias ? undefined : set.ttlSeconds),
    alias ? '' : tag('ResourceRecords', ...set.values.map((value) => tag('ResourceRecord', tag('Value', escape(value))))),
    alias ? tag('AliasTarget', tag('HostedZoneId', escape(alias.zoneId)), tag('DNSName', escape(writeName(alias.name))), tag('EvaluateTargetHealth', String(alias.evaluateTargetHealth))) : '',
    leaf('HealthCheckId', set.healthCheckId),
    near
      ? tag(
          'GeoProximityLocation',
          leaf('AWSRegion', near.region),
          leaf('LocalZoneGroup', near.localZoneGroup),
          near.coordinates ? tag('Coordinates', leaf('Latitude', near.coordinates.latitude), leaf('Longitude', near.coordinates.longitude)) : '',
          leaf('Bias', near.bias),
        )
      : '',
  ];
}

const document = (name: string, content: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="${namespace}">${content}</${name}>`;
const tag = (name: string, ...content: readonly string[]): string => `<${name}>${content.join('')}</${name}>`;
const leaf = (name: string, value: string | number | undefined): string => (value === undefined ? '' : tag(name, escape(String(value))));

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
/** Control characters that XML 1.0 has no place for are left out: no record can hold them. */
const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => entities[c] ?? c).replace(/[\t\n\r]/g, (c) => `&#${c.charCodeAt(0)};`).replace(/[^\x20-\uFFFD]/g, '');
