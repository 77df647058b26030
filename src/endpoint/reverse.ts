import ipaddr from 'ipaddr.js';

/** The name under which the DNS is asked for the name of an address; undefined where the text is no address. */
export function reverseName(address: string): string | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return `${address.split('.').toReversed().join('.')}.in-addr.arpa`;
  if (!ipaddr.IPv6.isValid(address)) return undefined;
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) return reverseName(parsed.toIPv4Address().toString());
  const digits = parsed.toByteArray().map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${[...digits].toReversed().join('.')}.ip6.arpa`;
}
