import { createSecureContext } from 'node:tls';
import { type FromFiles, fromFiles, type Warner } from '../../config/changing-files.ts';
import { ConfigurationError } from '../../errors.ts';
import type { TlsOptions } from './agents.ts';
import { readNamed } from './trust.ts';

/** Paths of PEM files, and the settings that gave them, for messages. '' or left out: not set. */
export interface TlsFiles {
  readonly ca?: TlsFile;
  readonly cert?: TlsFile;
  readonly key?: TlsFile;
}

interface TlsFile {
  readonly path: string | undefined;
  /** Flag or variable, as `--tls-ca` or `ETCD_CA_FILE`. */
  readonly setting: string;
}

/** The files as they are now: read again when they have changed. Throws ConfigurationError as `readTlsFiles` does. */
export function tlsFiles(files: TlsFiles, log: Warner): FromFiles<TlsMaterial> {
  return fromFiles(Object.values(files).flatMap((file: TlsFile | undefined) => file?.path || []), () => readTlsFiles(files), log);
}

/** Texts in PEM. */
export type TlsMaterial = Pick<TlsOptions, 'ca' | 'cert' | 'key'>;

/** Reads and checks the files. Throws ConfigurationError where one cannot be read or is no PEM, or a certificate is there without its key. */
export function readTlsFiles({ ca, cert, key }: TlsFiles): TlsMaterial {
  if (Boolean(cert?.path) !== Boolean(key?.path)) {
    const [given, missing] = cert?.path ? [cert.setting, key?.setting] : [key?.setting, cert?.setting];
    throw new ConfigurationError(`${given}: a client certificate needs its key and a key its certificate; set ${missing} too`);
  }
  const read = (file: TlsFile | undefined): string | undefined => (file?.path ? readNamed(file.path, file.setting) : undefined);
  const [caPem, certPem, keyPem] = [read(ca), read(cert), read(key)];
  if (ca && caPem !== undefined && !caPem.includes('-----BEGIN CERTIFICATE-----')) throw new ConfigurationError(`${ca.setting}: ${ca.path} holds no certificate in PEM`);
  const files = { ...(caPem !== undefined && { ca: caPem }), ...(certPem !== undefined && { cert: certPem }), ...(keyPem !== undefined && { key: keyPem }) };
  try {
    createSecureContext(files);
  } catch (error) {
    const settings = [ca, cert, key].flatMap((file) => (file?.path ? [file.setting] : []));
    throw new ConfigurationError(`${settings.join(', ')}: no TLS certificates or keys in PEM, or they do not belong together`, { cause: error });
  }
  return files;
}
