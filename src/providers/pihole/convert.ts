import { isIPv4, isIPv6 } from 'node:net';
import { makeEndpoint, recordTypeOf } from '../../endpoint/build.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { endpoint } from '../../endpoint/endpoint.ts';
import { normalizeName, trimDot } from '../../endpoint/name.ts';

/** One line of a Pi-hole's local DNS records or local CNAME records. */
export type PiholeEntry =
  | { readonly kind: 'host'; readonly name: string; readonly target: string; readonly ttlSeconds: 0 }
  /** 0: without a TTL of its own. */
  | { readonly kind: 'cname'; readonly name: string; readonly target: string; readonly ttlSeconds: number };

export const recordTypes = ['A', 'AAAA', 'CNAME'] as const;
const known: ReadonlySet<string> = new Set(recordTypes);

/** Reads `ADDRESS NAME`. undefined for anything else: lines with several names are made by hand, and left alone. */
export function parseHost(text: string): PiholeEntry | undefined {
  const [address = '', name, ...more] = text.trim().split(/\s+/);
  return (isIPv4(address) || isIPv6(address)) && name && more.length === 0 ? { kind: 'host', name, target: address, ttlSeconds: 0 } : undefined;
}

/** Reads `NAME,TARGET` and `NAME,TARGET,TTL`. undefined for anything else. */
export function parseCname(text: string): PiholeEntry | undefined {
  const [name, target, ttl = '0', ...more] = text.split(',').map((t) => t.trim());
  return name && target && /^\d+$/.test(ttl) && more.length === 0 ? { kind: 'cname', name, target, ttlSeconds: Number(ttl) } : undefined;
}

/** The line of an entry. */
export function entryText({ kind, name, target, ttlSeconds }: PiholeEntry): string {
  if (kind === 'host') return `${target} ${name}`;
  return ttlSeconds > 0 ? `${name},${target},${ttlSeconds}` : `${name},${target}`;
}

/** One endpoint for each entry. */
export const toEndpoint = ({ kind, name, target, ttlSeconds }: PiholeEntry): Endpoint => makeEndpoint(name, kind === 'host' ? recordTypeOf(target) : 'CNAME', [target], { ttlSeconds });

/** The entry of an endpoint with one target; undefined for types that a Pi-hole has not. */
export function toEntry(e: Endpoint): PiholeEntry | undefined {
  const [target] = e.targets;
  if (target === undefined || !known.has(e.recordType)) return undefined;
  if (e.recordType !== 'CNAME') return { kind: 'host', name: e.dnsName, target, ttlSeconds: 0 };
  return { kind: 'cname', name: e.dnsName, target: trimDot(target), ttlSeconds: e.ttlSeconds };
}

/** A wish as it would be read back: addresses have no TTL, nothing has properties. `cnameTTL`: whether CNAMEs have one. */
export function adjustEndpoint(e: Endpoint, cnameTTL: boolean): Endpoint {
  const ttlSeconds = e.recordType === 'CNAME' && cnameTTL ? e.ttlSeconds : 0;
  return endpoint({ ...e, dnsName: normalizeName(e.dnsName), ttlSeconds, providerSpecific: [] });
}
