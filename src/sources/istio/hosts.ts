import { trimDot } from '../../endpoint/name.ts';

/** A host of an Istio Gateway's server: `HOST`, or `NAMESPACE/HOST` for the VirtualServices of one namespace. */
export interface ServerHost {
  /** `*` for all, `.` for that of the Gateway. */
  readonly namespace: string;
  readonly host: string;
}

/** The parts of a server's host; undefined for what has more than one slash. */
export function serverHost(text: string): ServerHost | undefined {
  const [first = '', second, ...more] = text.split('/');
  if (more.length) return undefined;
  return second === undefined ? { namespace: '*', host: first } : { namespace: first, host: second };
}

/** The DNS name of a host, without its namespace; undefined for all hosts (`*`) and nothing. What has more slashes stays as it is: it is no name. */
export function nameOfHost(text: string): string | undefined {
  const host = serverHost(text)?.host ?? text;
  return host === '' || host === '*' ? undefined : host;
}

/** Whether a server's host lets in this host of a VirtualService. `*.x` holds names of any depth below x, and itself, but not x. */
export function serves({ namespace, host }: ServerHost, gatewayNamespace: string, wanted: string, wantedNamespace: string): boolean {
  if (namespace !== '*' && namespace !== wantedNamespace && !(namespace === '.' && gatewayNamespace === wantedNamespace)) return false;
  if (host === '*') return true;
  const pattern = comparable(host);
  const name = comparable(wanted);
  return pattern === name || (pattern.startsWith('*.') && name.endsWith(pattern.slice(1)));
}

/** Whether a VirtualService is exported to the namespace of a Gateway. */
export const isExportedTo = (exportTo: readonly string[], own: string, gatewayNamespace: string): boolean =>
  exportTo.length === 0 || exportTo.some((to) => to === '*' || to === gatewayNamespace || (to === '.' && own === gatewayNamespace));

const comparable = (host: string): string => trimDot(host).toLowerCase();
