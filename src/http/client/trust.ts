import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { ConfigurationError } from '../../errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where distributions keep the certificates that the machine trusts; the first that is there counts, as in Go's programs. */
const systemBundles = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/ca-bundle.pem', '/etc/pki/tls/cacert.pem', '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', '/etc/ssl/cert.pem'];

/**
 * The certificates of the authorities that are trusted, in PEM: those that Node.js brings, and those of SSL_CERT_FILE (or of the machine), SSL_CERT_DIR
 * and NODE_EXTRA_CA_CERTS. Reads files; called once, before the first TLS connection.
 * Throws ConfigurationError where a file that a variable names cannot be read.
 */
export function trustedAuthorities(env: Environment): readonly string[] {
  const found = new Set(rootCertificates);
  const take = (pem: string): void => {
    for (const certificate of pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []) found.add(certificate.replaceAll('\r', ''));
  };
  const file = env['SSL_CERT_FILE'];
  if (file) take(readNamed(file, 'SSL_CERT_FILE'));
  else take(systemBundles.map(readIfThere).find((pem) => pem !== undefined) ?? '');
  for (const directory of (env['SSL_CERT_DIR'] ?? '').split(':').filter(Boolean)) for (const pem of filesOf(directory)) take(pem);
  if (env['NODE_EXTRA_CA_CERTS']) take(readIfThere(env['NODE_EXTRA_CA_CERTS']) ?? '');
  return [...found];
}

/** The text of a file that a setting names. Throws ConfigurationError. */
export function readNamed(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigurationError(`${setting}: ${file} cannot be read`, { cause: error });
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function filesOf(directory: string): string[] {
  try {
    return readdirSync(directory)
      .map((name) => readIfThere(path.join(directory, name)))
      .filter((pem) => pem !== undefined);
  } catch {
    return [];
  }
}
