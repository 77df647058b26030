import { isIPv4, isIPv6 } from 'node:net';
import { type Endpoint, property } from '../../endpoint/endpoint.ts';
import { trimDot } from '../../endpoint/name.ts';
import { nameProblem } from '../common/names.ts';
import type { Wrapper } from './types.ts';

/** Leaves out endpoints that no zone could hold, each with a reason. */
export const validation: Wrapper = (endpoints, { onInvalid }) =>
  endpoints.filter((e) => {
    const problem = endpointProblem(e);
    if (problem !== undefined) onInvalid(e, problem);
    return problem === undefined;
  });

/** Why an endpoint cannot be published; undefined: it can. One without targets passes: the plan makes no record of it, and leaves the one that stands. */
export function endpointProblem(e: Endpoint): string | undefined {
  const name = nameProblem(e.dnsName);
  if (name !== undefined) return `name ${JSON.stringify(e.dnsName)} ${name}`;
  const alias = property(e, 'alias');
  if (alias !== undefined && !aliasTypes.has(e.recordType)) return `a record of type ${e.recordType} cannot be an alias; remove the property alias`;
  const check = alias !== undefined && aliasValues.has(alias) ? aliasTarget : targetChecks[e.recordType];
  if (!check) return undefined;
  for (const target of e.targets) {
    const problem = check(target);
    if (problem !== undefined) return `target ${JSON.stringify(target)} ${problem}`;
  }
  return e.recordType === 'PTR' && !reverseName.test(e.dnsName) ? `name ${JSON.stringify(e.dnsName)} of a PTR record is not below in-addr.arpa or ip6.arpa` : undefined;
}

const aliasTypes = new Set(['A', 'AAAA', 'CNAME']);
const aliasValues = new Set(['true', 'A', 'AAAA']);
const reverseName = /[^.]\.(in-addr|ip6)\.arpa$/i;

type Check = (target: string) => string | undefined;

const hostProblem: Check = (host) => {
  const problem = nameProblem(trimDot(host));
  if (problem !== undefined) return problem;
  if (host.includes('*')) return 'has a *, which no host name has';
  return /(^|\.)\d+\.?$/.test(host) ? 'looks like an address, but is none' : undefined;
};

/** An alias may point to a host, whatever its type, and to a wildcard record of its own zone. */
const aliasTarget: Check = (target) => (isIPv4(target) || isIPv6(target) ? undefined : hostProblem(target.replace(/^\*\./, '')));

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) <= 65535;

/** By record type; types that are not here take any target. */
const targetChecks: Readonly<Record<string, Check | undefined>> = {
  A: (target) => (isIPv4(target) ? undefined : 'is no IPv4 address'),
  AAAA: (target) => (isIPv6(target) && !target.includes('%') ? undefined : 'is no IPv6 address'),
  CNAME: hostProblem,
  DNAME: hostProblem,
  NS: hostProblem,
  PTR: (target) => (isIPv4(target) || isIPv6(target) ? 'is an address; a PTR record points to a name' : hostProblem(target)),
  MX(target) {
    const [preference = '', host, ...more] = target.trim().split(/\s+/);
    return isPort(preference) && host !== undefined && more.length === 0 ? undefined : 'is no preference and host, as in "10 mail.example.org"';
  },
  SRV(target) {
    const [priority = '', weight = '', port = '', host = '', ...more] = target.trim().split(/\s+/);
    const good = [priority, weight, port].every(isPort) && host.endsWith('.') && more.length === 0;
    return good ? undefined : 'is no priority, weight, port and host with a final dot, as in "0 50 5060 sip.example.org."';
  },
};
