const unitSeconds: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, 'µs': 1e-6, 'μs': 1e-6, ns: 1e-9 };

/** Largest TTL of the DNS (RFC 2181, section 8). */
const maximumSeconds = 2 ** 31 - 1;

/**
 * Reads a TTL: whole seconds (`300`) or a duration (`5m`, `1h30m`, `.5h`), whose fractions of a second are cut off.
 * undefined: it is neither, or not from 1 to 2147483647 seconds.
 */
export function parseTTL(text: string): number | undefined {
  const seconds = /^[-+]?\d+$/.test(text) ? Number(text) : durationSeconds(text);
  return seconds !== undefined && seconds >= 1 && seconds <= maximumSeconds ? seconds : undefined;
}

function durationSeconds(text: string): number | undefined {
  const unsigned = text.replace(/^[-+]/, '');
  if (!/^((\d+\.?\d*|\.\d+)(h|ms|m|s|us|µs|μs|ns))+$/.test(unsigned)) return undefined;
  let sum = 0;
  for (const [, value, unit] of unsigned.matchAll(/([\d.]+)([a-zµμ]+)/g)) sum += Number(value) * (unitSeconds[unit ?? ''] ?? Number.NaN);
  // sums of decimal fractions (0.1s ten times) may end a hair below the whole number
  return Math.floor(sum + 1e-9) * (text.startsWith('-') ? -1 : 1);
}
