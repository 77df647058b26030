import { isIPv4 } from 'node:net';
import { trimDot } from '../../endpoint/name.ts';

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
/** RFC 1123 names in lower case, with `*` as the first label or without; no underscores. */
const hostName = new RegExp(`^(?:\\*\\.)?${label}(?:\\.${label})*$`);

/** A host in lower case without final dot; undefined for what the Gateway API does not take: addresses, and what is no DNS name. */
export function normalHost(host: string): string | undefined {
  const lower = trimDot(host).toLowerCase();
  return lower.length <= 255 && hostName.test(lower) && !isIPv4(lower) ? lower : undefined;
}

/**
 * The host that a listener and a route have in common, which is the narrower of the two; undefined where there is none.
 * Both must be normal; '' stands for any host. `*.example.org` holds names of any depth below example.org, but not itself.
 */
export function commonHost(a: string, b: string): string | undefined {
  if (a === '' || a === b) return b;
  if (b === '') return a;
  if (holds(a, b)) return b;
  return holds(b, a) ? a : undefined;
}

const holds = (wildcard: string, host: string): boolean => wildcard.startsWith('*.') && host.length >= wildcard.length && host.endsWith(wildcard.slice(1));
