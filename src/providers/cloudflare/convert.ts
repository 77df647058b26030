import { type Endpoint, endpoint } from '../../endpoint/endpoint.ts';
import { addressBytes, canonicalAddress } from '../../endpoint/ip.ts';
import { normalizeName, trimDot } from '../../endpoint/name.ts';
import type { ApiRecord, RecordBody, SrvData } from './client.ts';
import { addressTypes, list, readProperties, writeProperties } from './properties.ts';

/** Record types that are read and written. */
export const recordTypes = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SRV', 'TXT'] as const;
const managed: ReadonlySet<string> = new Set(recordTypes);

/** The TTL that stands for automatic. A proxied record has no other. */
export const automaticTTL = 1;

/** What hangs on a name, beside its records. */
export interface NameExtras {
  readonly customHostnames: readonly string[];
  /** Undefined where regions are not managed. */
  readonly regionKey: string | undefined;
}

/** The endpoint of a single record; undefined for a type that is not managed, or a record without its data. */
export function toEndpoint(record: ApiRecord, extrasOf: (name: string) => NameExtras): Endpoint | undefined {
  const target = managed.has(record.type) ? targetOf(record) : undefined;
  if (target === undefined) return undefined;
  const { customHostnames, regionKey } = addressTypes.has(record.type) ? extrasOf(normalizeName(record.name)) : { customHostnames: [], regionKey: undefined };
  return endpoint({
    dnsName: trimDot(record.name),
    recordType: record.type,
    targets: [target],
    ttlSeconds: record.ttl,
    providerSpecific: writeProperties({ proxied: record.proxied ?? false, comment: record.comment ?? '', tags: list((record.tags ?? []).join(',')), customHostnames, regionKey }),
  });
}

/** A record's value as a target: MX with its priority, SRV with its four fields and a final dot. */
function targetOf({ type, content, data, priority }: ApiRecord): string | undefined {
  if (type === 'MX') return content === undefined ? undefined : `${priority ?? 0} ${content}`;
  if (type !== 'SRV') return content;
  if (data?.target === undefined) return undefined;
  return `${data.priority} ${data.weight} ${data.port} ${trimDot(data.target)}.`;
}

/** The record for one target of a wished endpoint. Throws where the target has not the fields of its type. */
export function toBody(wished: Endpoint, target: string): RecordBody {
  const { proxied, comment, tags } = readProperties(wished);
  const { dnsName: name, recordType: type } = wished;
  const common = { name: trimDot(name), type, ttl: ttlOf(wished), proxied, comment, tags };
  if (type === 'MX') {
    const { numbers: [priority = 0], host } = fieldsOf(wished, target, 1);
    return { ...common, content: host, priority };
  }
  if (type === 'SRV') {
    const { numbers: [priority = 0, weight = 0, port = 0], host } = fieldsOf(wished, target, 3);
    const data: SrvData = { priority, weight, port, target: host };
    return { ...common, data };
  }
  return { ...common, content: type === 'TXT' ? target : trimDot(target) };
}

/** The TTL that is written for an endpoint. */
export const ttlOf = (e: Endpoint): number => (e.ttlSeconds > 0 && !readProperties(e).proxied ? e.ttlSeconds : automaticTTL);

function fieldsOf(e: Endpoint, target: string, count: number): { readonly numbers: readonly number[]; readonly host: string } {
  const fields = target.trim().split(/\s+/);
  const numbers = fields.slice(0, count).map(Number);
  const host = fields[count];
  const good = fields.length === count + 1 && host !== undefined && numbers.every((n) => Number.isInteger(n) && n >= 0 && n <= 65_535);
  if (!good) throw new Error(`${e.dnsName} (${e.recordType}): the target "${target}" must be ${count === 1 ? '"PREFERENCE HOST"' : '"PRIORITY WEIGHT PORT HOST"'}`);
  return { numbers, host: host === '.' ? host : trimDot(host) };
}

/** The form of a target by which records of one name and type are told apart, whatever the spelling. */
export function targetKey(recordType: string, target: string): string {
  if (recordType === 'TXT') return plainText(target);
  if (recordType === 'A' || recordType === 'AAAA') {
    const bytes = addressBytes(target);
    return bytes ? canonicalAddress(bytes) : target;
  }
  const fields = target.trim().split(/\s+/);
  return [...fields.slice(0, -1).map((f) => String(Number(f))), normalizeName(fields.at(-1) ?? '')].join(' ');
}

/** The key of a stored record; undefined for one that is not managed. */
export function recordKey(record: ApiRecord): string | undefined {
  const target = managed.has(record.type) ? targetOf(record) : undefined;
  return target === undefined ? undefined : targetKey(record.type, target);
}

/** What the quoted strings of a TXT record say together; a text without quotes is what it says. */
function plainText(content: string): string {
  const text = content.trim();
  if (!/^"(?:[^"\\]|\\.)*"(?:\s+"(?:[^"\\]|\\.)*")*$/s.test(text)) return content;
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map(([, part = '']) => part.replace(/\\(.)/gs, '$1')).join('');
}
