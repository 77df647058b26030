import { execFile } from 'node:child_process';
import { ConfigurationError, SoftError } from '../../errors.ts';
import { asRecord, asText } from '../keep.ts';
import type { Grant } from './credentials.ts';
import type { Connection, ExecPlugin } from './kubeconfig.ts';

/**
 * Runs the program of a kubeconfig user and reads the ExecCredential that it prints.
 * Rejects with ConfigurationError where it cannot be started, with SoftError where it fails. Its output is never shown: it holds secrets.
 */
export async function runExecPlugin(plugin: ExecPlugin, connection: Connection, ca: string | undefined, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Grant> {
  const info = {
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      ...(plugin.provideClusterInfo && {
        cluster: {
          server: connection.server,
          ...(connection.tlsServerName && { 'tls-server-name': connection.tlsServerName }),
          ...(connection.insecureSkipTlsVerify && { 'insecure-skip-tls-verify': true }),
          ...(ca && { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
          ...(connection.proxyUrl && { 'proxy-url': connection.proxyUrl }),
        },
      }),
    },
  };
  const output = await run(plugin, { ...env, ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) }, signal);
  return readCredential(plugin, output);
}

function run(plugin: ExecPlugin, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(plugin.command, [...plugin.args], { env, signal, timeout: timeLimitMs, maxBuffer: 1 << 20, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      if (signal.aborted) return reject(error);
      if (error.code === 'ENOENT' || error.code === 'EACCES') {
        const hint = plugin.installHint.trim();
        return reject(new ConfigurationError(`the program "${plugin.command}", which the kubeconfig names for credentials, cannot be started (${error.code}): install it, or use other credentials${hint && `: ${hint}`}`));
      }
      const how = error.killed ? `did not end within ${timeLimitMs / 1000} s` : `ended with status ${error.code ?? 'unknown'}`;
      const said = stderr.trim().slice(-300);
      reject(new SoftError(`the program "${plugin.command}", which the kubeconfig names for credentials, ${how}${said && `: ${said}`}`));
    });
    // no terminal: what asks for a password must fail, not wait
    child.stdin?.end();
  });
}

function readCredential(plugin: ExecPlugin, output: string): Grant {
  const bad = (what: string): SoftError => new SoftError(`the program "${plugin.command}", which the kubeconfig names for credentials, ${what}`);
  let credential: unknown;
  try {
    credential = JSON.parse(output);
  } catch {
    throw bad('did not print JSON');
  }
  const record = asRecord(credential);
  if (record['kind'] !== 'ExecCredential') throw bad('did not print an ExecCredential');
  if (record['apiVersion'] !== plugin.apiVersion) throw bad(`printed an ExecCredential of ${asText(record['apiVersion']) ?? 'no version'}, not of ${plugin.apiVersion}`);
  const status = asRecord(record['status']);
  const token = asText(status['token']);
  const cert = asText(status['clientCertificateData']);
  const key = asText(status['clientKeyData']);
  if ((cert === undefined) !== (key === undefined)) throw bad('gave a certificate without its key, or a key without its certificate');
  if (!token && !cert) throw bad('gave neither a token nor a certificate');
  const expires = Date.parse(asText(status['expirationTimestamp']) ?? '');
  return { token, cert, key, expiresAtMs: Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires };
}

const timeLimitMs = 60_000;
