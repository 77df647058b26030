import ipaddr from 'ipaddr.js';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { ConfigurationError } from '../../errors.ts';
import { type Net, parseNet, splitNets } from './nets.ts';
import type { Wrapper } from './types.ts';

/** RFC 6052: with a prefix of 96 bits the last 32 are the IPv4 address. */
const prefixBits = 96;

/** --nat64-networks: A endpoints beside AAAA endpoints whose addresses are translated IPv4 addresses. Throws ConfigurationError. */
export function nat64(networks: readonly string[]): Wrapper | undefined {
  const nets = splitNets(networks).map(readNet);
  if (nets.length === 0) return undefined;
  const translate = (target: string): string | undefined => {
    if (!ipaddr.IPv6.isValid(target)) return undefined;
    const address = ipaddr.IPv6.parse(target);
    return nets.some(([base, bits]) => address.match(base, bits)) ? address.toByteArray().slice(prefixBits / 8).join('.') : undefined;
  };
  return (endpoints) => {
    const translated: Endpoint[] = [];
    for (const e of endpoints) {
      if (e.recordType !== 'AAAA') continue;
      const targets = e.targets.flatMap((t) => translate(t) ?? []);
      if (targets.length) translated.push({ ...e, recordType: 'A', targets: [...new Set(targets)] });
    }
    return translated.length ? [...endpoints, ...translated] : endpoints;
  };
}

function readNet(text: string): Net {
  const net = parseNet(text);
  if (!net || net[0].kind() !== 'ipv6' || net[1] !== prefixBits)
    throw new ConfigurationError(`--nat64-networks: ${JSON.stringify(text)} is no IPv6 network of ${prefixBits} bits, such as 64:ff9b::/96`);
  return net;
}
