import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { ConfigurationError } from '../../errors.ts';
import { asBoolean, asRecord, asText, isRecord, recordList, textList } from '../keep.ts';
import type { RawObject } from '../object.ts';

/** A certificate, key or token: in a file that may be rotated, or as text. */
export type Material = { readonly kind: 'file'; readonly path: string } | { readonly kind: 'text'; readonly text: string };

/** A program that gives credentials: `exec` of a kubeconfig user. */
export interface ExecPlugin {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly apiVersion: string;
  readonly installHint: string;
  readonly provideClusterInfo: boolean;
}

/** Where the API is, and as whom it is asked. */
export interface Connection {
  /** URL without final slash; may have a path. */
  readonly server: string;
  /** For messages: `context "prod" of /root/.kube/config`. */
  readonly origin: string;
  readonly ca: Material | undefined;
  readonly insecureSkipTlsVerify: boolean;
  /** '' for the host of the URL. */
  readonly tlsServerName: string;
  /** '' for the proxy that the environment names, if any. */
  readonly proxyUrl: string;
  readonly clientCertificate: Material | undefined;
  readonly clientKey: Material | undefined;
  readonly token: Material | undefined;
  readonly username: string;
  readonly password: string;
  readonly exec: ExecPlugin | undefined;
  /** Of the context or the pod; '' where there is none. */
  readonly namespace: string;
}

export interface ConnectionOptions {
  /** --server */
  readonly server: string;
  /** --kubeconfig */
  readonly kubeconfig: string;
}

const anonymous: Connection = {
  server: '',
  origin: '--server',
  ca: undefined,
  insecureSkipTlsVerify: false,
  tlsServerName: '',
  proxyUrl: '',
  clientCertificate: undefined,
  clientKey: undefined,
  token: undefined,
  username: '',
  password: '',
  exec: undefined,
  namespace: '',
};

/**
 * How to connect: --kubeconfig, else those files of KUBECONFIG that are there, else ~/.kube/config if it is, else the service account of the pod.
 * --server replaces the URL; outside of a cluster and without a kubeconfig it is asked without credentials.
 * Throws ConfigurationError, which names the file and the entry.
 */
export function findConnection(options: ConnectionOptions, env: NodeJS.ProcessEnv, serviceAccount = serviceAccountFolder): Connection {
  const home = path.join(env['HOME'] || homedir(), '.kube', 'config');
  const files = options.kubeconfig ? [options.kubeconfig] : (env['KUBECONFIG'] ?? '').split(path.delimiter).filter(isFile);
  if (files.length === 0 && isFile(home)) files.push(home);
  const connection = files.length > 0 ? fromKubeconfig(files, options.server) : fromServiceAccount(env, serviceAccount, options.server);
  return options.server ? { ...connection, server: serverUrl(options.server, connection, '--server') } : connection;
}

const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

function fromServiceAccount(env: NodeJS.ProcessEnv, folder: string, server: string): Connection {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '';
  const token = path.join(folder, 'token');
  if ((!host || !port) && !server) {
    throw new ConfigurationError('no Kubernetes cluster is configured: no kubeconfig is there (--kubeconfig, KUBECONFIG or ~/.kube/config), and this is not a pod of a cluster (KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set)');
  }
  if (!isFile(token)) {
    if (server) return anonymous;
    throw new ConfigurationError(`the pod has no service account token (${token}): set automountServiceAccountToken: true, or name a kubeconfig with --kubeconfig`);
  }
  const ca = path.join(folder, 'ca.crt');
  return {
    ...anonymous,
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    origin: 'the service account of the pod',
    ca: isFile(ca) ? { kind: 'file', path: ca } : undefined,
    token: { kind: 'file', path: token },
    namespace: readIfThere(path.join(folder, 'namespace')).trim(),
  };
}

interface Entry {
  readonly file: string;
  readonly fields: RawObject;
}

interface Merged {
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
  readonly currentContext: string;
}

function fromKubeconfig(files: readonly string[], server: string): Connection {
  const title = files.join(path.delimiter);
  const merged = merge(files);
  if (merged.currentContext === '' && server) return anonymous;
  const current = merged.contexts.get(merged.currentContext);
  if (current === undefined) {
    const known = [...merged.contexts.keys()].map((name) => `"${name}"`).join(', ') || 'none';
    throw new ConfigurationError(
      merged.currentContext === ''
        ? `kubeconfig ${title} has no current-context: set one with "kubectl config use-context" (known: ${known})`
        : `kubeconfig ${title}: current-context "${merged.currentContext}" is not among its contexts (${known})`,
    );
  }
  const origin = `context "${merged.currentContext}" of ${current.file}`;
  const clusterName = asText(current.fields['cluster']) ?? '';
  const cluster = merged.clusters.get(clusterName);
  if (cluster === undefined && !server) throw new ConfigurationError(`kubeconfig: ${origin} names the cluster "${clusterName}", which is not there`);
  const userName = asText(current.fields['user']) ?? '';
  const user = merged.users.get(userName);
  if (user === undefined && userName !== '') throw new ConfigurationError(`kubeconfig: ${origin} names the user "${userName}", which is not there`);
  const connection = { ...anonymous, origin, namespace: asText(current.fields['namespace']) ?? '', ...(cluster && clusterFields(cluster)), ...(user && userFields(user, userName)) };
  return connection.server === '' && server ? connection : { ...connection, server: serverUrl(connection.server, connection, `cluster "${clusterName}" of ${cluster?.file ?? title}`) };
}

/** The first file that sets an entry or the current context wins. */
function merge(files: readonly string[]): Merged {
  const contexts = new Map<string, Entry>();
  const clusters = new Map<string, Entry>();
  const users = new Map<string, Entry>();
  let currentContext = '';
  for (const file of files) {
    const config = readKubeconfig(file);
    currentContext ||= asText(config['current-context']) ?? '';
    for (const [key, field, into] of [['contexts', 'context', contexts], ['clusters', 'cluster', clusters], ['users', 'user', users]] as const) {
      recordList(config[key], (entry) => {
        const name = asText(entry['name']);
        if (name !== undefined && !into.has(name)) into.set(name, { file, fields: asRecord(entry[field]) });
      });
    }
  }
  return { contexts, clusters, users, currentContext };
}

function readKubeconfig(file: string): RawObject {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigurationError(`kubeconfig ${file} cannot be read`, { cause: error });
  }
  let config: unknown;
  try {
    config = parse(text);
  } catch {
    // the parser's message quotes lines, which may hold a token
    throw new ConfigurationError(`kubeconfig ${file} is not YAML`);
  }
  if (config === null) return {};
  if (!isRecord(config)) throw new ConfigurationError(`kubeconfig ${file} is no kubeconfig: it holds no map`);
  return config;
}

function clusterFields({ file, fields }: Entry): Pick<Connection, 'server' | 'ca' | 'insecureSkipTlsVerify' | 'tlsServerName' | 'proxyUrl'> {
  return {
    server: asText(fields['server']) ?? '',
    ca: material(fields, 'certificate-authority', file),
    insecureSkipTlsVerify: asBoolean(fields['insecure-skip-tls-verify']) ?? false,
    tlsServerName: asText(fields['tls-server-name']) ?? '',
    proxyUrl: asText(fields['proxy-url']) ?? '',
  };
}

function userFields({ file, fields }: Entry, name: string): Pick<Connection, 'clientCertificate' | 'clientKey' | 'token' | 'username' | 'password' | 'exec'> {
  const provider = fields['auth-provider'];
  if (isRecord(provider)) {
    throw new ConfigurationError(`kubeconfig ${file}: user "${name}" uses the auth-provider "${asText(provider['name']) ?? ''}", which Kubernetes has removed: use the exec plugin of your platform instead (its CLI writes it: "gcloud container clusters get-credentials", "kubelogin convert-kubeconfig", ...)`);
  }
  const token = asText(fields['token']);
  const tokenFile = asText(fields['tokenFile']);
  return {
    clientCertificate: material(fields, 'client-certificate', file),
    clientKey: material(fields, 'client-key', file),
    token: tokenFile ? { kind: 'file', path: beside(file, tokenFile) } : token ? { kind: 'text', text: token } : undefined,
    username: asText(fields['username']) ?? '',
    password: asText(fields['password']) ?? '',
    exec: isRecord(fields['exec']) ? execPlugin(fields['exec'], file, name) : undefined,
  };
}

const execApiVersions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

function execPlugin(fields: RawObject, file: string, user: string): ExecPlugin {
  const command = asText(fields['command']) ?? '';
  const apiVersion = asText(fields['apiVersion']) ?? '';
  const where = `kubeconfig ${file}: exec plugin of user "${user}"`;
  if (!command) throw new ConfigurationError(`${where} has no command`);
  if (!execApiVersions.includes(apiVersion)) throw new ConfigurationError(`${where} has the apiVersion "${apiVersion}": only ${execApiVersions.join(' and ')} are supported; update the plugin, and write its entry anew`);
  if (fields['interactiveMode'] === 'Always') throw new ConfigurationError(`${where} asks for a terminal (interactiveMode: Always), which there is none: use credentials that work unattended`);
  return {
    // a command with a slash is sought beside the kubeconfig, any other one in PATH
    command: command.includes('/') ? beside(file, command) : command,
    args: textList(fields['args']),
    env: Object.fromEntries(recordList(fields['env'], (entry) => [asText(entry['name']) ?? '', asText(entry['value']) ?? '']).filter(([name]) => name)),
    apiVersion,
    installHint: asText(fields['installHint']) ?? '',
    provideClusterInfo: asBoolean(fields['provideClusterInfo']) ?? false,
  };
}

/** `NAME-data` in base64, which goes first, or the file `NAME`. */
function material(fields: RawObject, name: string, file: string): Material | undefined {
  const data = asText(fields[`${name}-data`]);
  if (data) return { kind: 'text', text: Buffer.from(data, 'base64').toString('utf8') };
  const at = asText(fields[name]);
  return at ? { kind: 'file', path: beside(file, at) } : undefined;
}

function serverUrl(server: string, connection: Connection, where: string): string {
  const secure = connection.ca !== undefined || connection.clientCertificate !== undefined || connection.insecureSkipTlsVerify;
  const text = /^[a-z]+:\/\//i.test(server) ? server : `${secure ? 'https' : 'http'}://${server}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (server === '' || url === undefined || !['http:', 'https:'].includes(url.protocol)) throw new ConfigurationError(`${where}: server "${server}" is no URL such as https://192.0.2.1:6443`);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

const beside = (file: string, relative: string): string => path.resolve(path.dirname(file), relative);

const isFile = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;

function readIfThere(file: string): string {
  return isFile(file) ? readFileSync(file, 'utf8') : '';
}
