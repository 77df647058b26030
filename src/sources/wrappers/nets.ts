import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;
export type Net = readonly [base: Address, bits: number];

/** Reads `192.0.2.0/24`, `2001:db8::/32`; undefined where it is no net. */
export function parseNet(text: string): Net | undefined {
  if (!ipaddr.isValidCIDR(text)) return undefined;
  const [base, bits] = ipaddr.parseCIDR(text);
  return [base, bits];
}

/** The address that a target is, an IPv4 one where it is mapped into IPv6; undefined where it is none. */
export const addressOf = (target: string): Address | undefined =>
  ipaddr.IPv4.isValidFourPartDecimal(target) || ipaddr.IPv6.isValid(target) ? ipaddr.process(target) : undefined;

export const contains = (net: Net, address: Address): boolean => address.kind() === net[0].kind() && address.match(net[0], net[1]);

/** Values of a repeatable flag that may also hold several, parted by commas. */
export const splitNets = (values: readonly string[]): readonly string[] => values.flatMap((v) => v.split(',')).flatMap((v) => v.trim() || []);
