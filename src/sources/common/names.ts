import { normalizeName } from '../../endpoint/name.ts';

/** RFC 1035, section 2.3.4. */
const longestLabel = 63;
const longestName = 253;

/** Blanks, control characters, what changes the direction of text, and what marks a name as something else: a URL, a host with port, a placeholder, a list. */
const forbidden = /[\s\p{Cc}\p{Bidi_Control},;:\\<>"'()[\]@]/u;
const reverse = /\.(in-addr|ip6)\.arpa$/i;

/**
 * Why a DNS name cannot be published, in words that follow the name; undefined: it can.
 * A star may be the whole first label. Unicode is allowed, and measured in its xn-- form.
 */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name.includes('<no value>')) return 'has "<no value>" where a template found nothing';
  const found = forbidden.exec(name)?.[0];
  if (found !== undefined) return `is no DNS name: it has ${JSON.stringify(found)}`;
  // classless delegation (RFC 2317) has slashes in reverse names
  if (name.includes('/') && !reverse.test(name)) return 'is no DNS name: it has "/"';
  const normal = normalizeName(name);
  if (normal.length > longestName) return `has more than ${longestName} characters`;
  const labels = normal.split('.');
  if (labels.includes('')) return 'has an empty label';
  if (labels.some((label) => label.length > longestLabel)) return `has a label of more than ${longestLabel} characters`;
  if (normal === '*' || labels.some((label, i) => label.includes('*') && (i > 0 || label !== '*'))) return 'has a * that is not the first label of a longer name';
  return undefined;
}
