import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;
export type Net = readonly [base: Address, bits: number];

/** RFC 4291, section 2.5.5.2: an IPv4 address that is mapped into IPv6 is in its last 32 bits. */
const mappedBits = 96;

/** Reads `192.0.2.0/24`, `2001:db8::/32`; `::ffff:192.0.2.0/120` is a net of IPv4. undefined where it is no net. */
export function parseNet(text: string): Net | undefined {
  // the library alone would take 10.1/16 for a net
  if (!isIP(text.slice(0, text.lastIndexOf('/'))) || !ipaddr.isValidCIDR(text)) return undefined;
  const [base, bits] = ipaddr.parseCIDR(text);
  const plain = ipaddr.process(base.toString());
  return bits >= mappedBits && plain.kind() !== base.kind() ? [plain, bits - mappedBits] : [base, bits];
}

/** The address that a target is, an IPv4 one where it is mapped into IPv6; undefined where it is none. */
export const addressOf = (target: string): Address | undefined =>
  ipaddr.IPv4.isValidFourPartDecimal(target) || ipaddr.IPv6.isValid(target) ? ipaddr.process(target) : undefined;

export const contains = (net: Net, address: Address): boolean => address.kind() === net[0].kind() && address.match(net[0], net[1]);

/** Values of a repeatable flag that may also hold several, parted by commas. */
export const splitNets = (values: readonly string[]): readonly string[] => values.flatMap((v) => v.split(',')).flatMap((v) => v.trim() || []);
