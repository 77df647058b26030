import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * The proxy that the environment names for a URL (HTTPS_PROXY or HTTP_PROXY, in capitals or not), '' for none. NO_PROXY holds hosts, domains with all below them,
 * addresses, networks (10.0.0.0/8), each with or without a port, or `*`; the loopback is never asked through a proxy.
 */
export function proxyOf(url: URL, env: NodeJS.ProcessEnv): string {
  const scheme = url.protocol.slice(0, -1);
  const proxy = env[`${scheme.toUpperCase()}_PROXY`] || env[`${scheme}_proxy`] || '';
  if (!proxy || isExempt(url, env['NO_PROXY'] || env['no_proxy'] || '')) return '';
  return /^[a-z0-9+]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

function isExempt(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (host === 'localhost' || (isIP(host) && ipaddr.process(host).range() === 'loopback')) return true;
  return list
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true;
      if (ipaddr.isValidCIDR(entry)) return isIP(host) !== 0 && inNetwork(host, entry);
      const [, name = '', ofPort = ''] = /^(.*?)(?::(\d+))?$/.exec(isIP(entry) ? `[${entry}]` : entry) ?? [];
      if (ofPort && ofPort !== port) return false;
      const bare = name.replace(/^\[|\]$/g, '').toLowerCase();
      if (isIP(bare) && isIP(host)) return ipaddr.process(bare).toString() === ipaddr.process(host).toString();
      const domain = bare.replace(/^\*?\./, '');
      // `.example.org` means all below it, `example.org` itself, too
      return domain !== '' && (host.endsWith(`.${domain}`) || (host === domain && domain === bare));
    });
}

function inNetwork(host: string, network: string): boolean {
  const address = ipaddr.process(host);
  const [base, bits] = ipaddr.parseCIDR(network);
  return address.kind() === base.kind() && address.match(base, bits);
}
