import { createSecureContext, type SecureContext } from 'node:tls';
import type { FromFiles } from '../../config/changing-files.ts';
import { fromSecret } from '../../config/secrets.ts';
import type { DnsAddress, DnsTls } from '../../dns/connection.ts';
import { signMessage, tsigAlgorithm, tsigAlgorithms, type TsigKey } from '../../dns/tsig.ts';
import { labelsOf } from '../../dns/names.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { ConfigurationError, messageOf } from '../../errors.ts';
import { type TlsMaterial, tlsFiles } from '../../http/client/tls-files.ts';
import { trustedAuthorities } from '../../http/client/trust.ts';
import type { ProviderSetup } from '../provider.ts';

type Options = ProviderSetup['options'];

/** The zones of --rfc2136-zone; the root where none is given. */
export function zonesOf(options: Options): readonly string[] {
  const names = options.rfc2136Zone.map((zone) => zone.trim()).filter(Boolean);
  return names.length === 0 ? [''] : [...new Set(names.map(normalizeName))];
}

/** The servers of --rfc2136-host (this machine where none is given); their `tls` follows the files that are named. Throws ConfigurationError. */
export function addressesOf({ options, env, log }: Pick<ProviderSetup, 'options' | 'env' | 'log'>): readonly DnsAddress[] {
  // none at all is this machine, as with ExternalDNS v0.22; an empty one was meant to be something else
  const given = options.rfc2136Host.length === 0 ? ['localhost'] : options.rfc2136Host;
  const hosts = given.map((host) => host.trim().replace(/^\[(.*)\]$/, '$1')).filter(Boolean);
  if (hosts.length === 0) throw new ConfigurationError('--rfc2136-host is empty; give the name or address of the DNS server');
  const tls = options.rfc2136UseTls ? tlsOf(options, env, log) : undefined;
  const port = options.rfc2136Port || (tls ? tlsPort : plainPort);
  if (!(port > 0 && port < 0x10000)) throw new ConfigurationError(`--rfc2136-port=${port} is no port; give one from 1 to 65535`);
  return [...new Set(hosts)].map((host) => ({ host, port, ...(tls && { tls }) }));
}

function tlsOf({ tlsCa, tlsClientCert, tlsClientCertKey, rfc2136SkipTlsVerify }: Options, env: ProviderSetup['env'], log: ProviderSetup['log']): DnsTls {
  const files = tlsFiles({
    ca: { path: tlsCa, setting: '--tls-ca' },
    cert: { path: tlsClientCert, setting: '--tls-client-cert' },
    key: { path: tlsClientCertKey, setting: '--tls-client-cert-key' },
  }, log);
  let made: { readonly from: TlsMaterial; readonly context: SecureContext } | undefined;
  return {
    get context() {
      const from = files.current();
      if (made?.from !== from) made = { from, context: createSecureContext({ ...from, ca: from.ca ?? [...trustedAuthorities(env)] }) };
      return made.context;
    },
    skipVerify: rfc2136SkipTlsVerify,
  };
}

/** The key that requests are signed with; undefined with --rfc2136-insecure. Throws ConfigurationError. */
export function keyOf(options: Options, log: ProviderSetup['log']): FromFiles<TsigKey> | undefined {
  return options.rfc2136Insecure ? undefined : fromSecret(options, 'rfc2136TsigSecret', (secret) => makeKey(options, secret), log);
}

function makeKey({ rfc2136TsigKeyname: name, rfc2136TsigSecretAlg: wanted }: Options, secret: string): TsigKey {
  const algorithm = tsigAlgorithm(wanted);
  if (!algorithm) throw new ConfigurationError(`--rfc2136-tsig-secret-alg=${wanted} is no TSIG algorithm; give that of the key: ${tsigAlgorithms.join(', ')} (or --rfc2136-insecure, to sign nothing)`);
  if (name.trim() === '') throw new ConfigurationError('--rfc2136-tsig-keyname is needed: the name that the server knows the key by (or --rfc2136-insecure, to sign nothing)');
  const bytes = Buffer.from(secret, 'base64');
  if (bytes.length === 0 || !/^[\w+/-]+=*$/.test(secret.replace(/\s/g, ''))) throw new ConfigurationError('--rfc2136-tsig-secret is no base64; give the secret as it stands in the configuration of the server');
  const key = { name: name.trim(), algorithm, secret: bytes };
  try {
    labelsOf(key.name);
    signMessage(Buffer.alloc(12), key, 0);
  } catch (error) {
    throw new ConfigurationError(`--rfc2136-tsig-keyname=${name}, --rfc2136-tsig-secret-alg=${wanted}: nothing can be signed with this key: ${messageOf(error)}`);
  }
  return key;
}

/** Throws ConfigurationError for what cannot be done. */
export function refuseKerberos(options: Options): void {
  if (options.rfc2136GssTsig)
    throw new ConfigurationError('--rfc2136-gss-tsig is not supported: the Kerberos libraries for Node.js do not make the signatures that it needs; give the zone a TSIG key (--rfc2136-tsig-keyname), or let a BIND or Knot server with such a key take the updates');
}

const plainPort = 53;
/** RFC 7858, 3.1 */
const tlsPort = 853;
