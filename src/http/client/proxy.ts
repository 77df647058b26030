import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ConfigurationError } from '../../errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a URL by HTTPS_PROXY, HTTP_PROXY and NO_PROXY (or in lower case), with the rules of Go's programs: no proxy for the
 * loopback; NO_PROXY holds domains (`example.org` with all below it, `.example.org` only what is below), addresses, networks, each
 * but networks with or without a port, or `*`.
 * Throws ConfigurationError where the variable holds no URL of a proxy.
 */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  const https = url.protocol === 'https:';
  const [upper, lower] = https ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy'];
  const variable = env[upper] ? upper : lower;
  const value = env[variable];
  // in a CGI program HTTP_PROXY is a header that the client chose
  if (!value || (!https && variable === 'HTTP_PROXY' && env['REQUEST_METHOD'])) return undefined;
  if (isExempt(url, env['NO_PROXY'] || env['no_proxy'] || '')) return undefined;
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (!proxy || !/^(https?|socks5h?):$/.test(proxy.protocol)) throw new ConfigurationError(`${variable}: must be the URL of a proxy, as in http://proxy.example.org:3128`);
  return proxy;
}

function isExempt(url: URL, list: string): boolean {
  const host = trimHost(url.hostname);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const address = isIP(host) ? ipaddr.process(host) : undefined;
  if (host === 'localhost' || address?.range() === 'loopback') return true;
  return list.split(',').some((entry) => covers(entry.trim().toLowerCase(), host, port, address));
}

function covers(entry: string, host: string, port: string, address: ipaddr.IPv4 | ipaddr.IPv6 | undefined): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  if (ipaddr.isValidCIDR(entry)) {
    const [base, bits] = ipaddr.parseCIDR(entry);
    return address !== undefined && address.kind() === base.kind() && address.match(base, bits);
  }
  const [name, ofPort] = splitPort(entry);
  if (ofPort !== undefined && ofPort !== port) return false;
  if (isIP(name)) return address !== undefined && ipaddr.process(name).toNormalizedString() === address.toNormalizedString();
  const below = name.startsWith('*.') ? name.slice(1) : name;
  if (below === '' || below === '.') return false;
  return below.startsWith('.') ? host.endsWith(below) : host === below || host.endsWith(`.${below}`);
}

function splitPort(entry: string): readonly [name: string, port: string | undefined] {
  if (isIP(entry)) return [entry, undefined];
  const match = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(entry);
  return match ? [match[1] ?? match[2] ?? '', match[3]] : [entry, undefined];
}

const trimHost = (hostname: string): string => hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '').toLowerCase();
