import { ConfigurationError, messageOf } from '../../errors.ts';
import type { ViewFailure } from '../cluster.ts';
import { resourceName, type Resource } from '../object.ts';
import { ApiError } from './api-error.ts';
import { UnreachableError } from './client.ts';

/** Why a resource cannot be read, in words that say what to do. */
export interface Failure {
  readonly reason: ViewFailure;
  readonly message: string;
  /** It may well be over with the next try. */
  readonly passing: boolean;
}

export interface ReadingContext {
  readonly resource: Resource;
  readonly namespace: string;
  readonly verb: 'list' | 'watch';
  readonly server: string;
  /** Where the URL and the credentials come from. */
  readonly origin: string;
}

export function explainFailure(error: unknown, context: ReadingContext): Failure {
  if (error instanceof ApiError && error.status === 401) return { reason: 'unauthorized', passing: false, message: unauthorized(context) };
  if (error instanceof ApiError && error.status === 403) return { reason: 'forbidden', passing: false, message: forbidden(error, context) };
  if (error instanceof ConfigurationError) return { reason: 'unauthorized', passing: false, message: messageOf(error) };
  if (error instanceof UnreachableError) return { reason: 'unreachable', passing: true, message: error.message };
  const what = `${resourceName(context.resource)} cannot be read`;
  if (error instanceof ApiError && error.status < 500 && error.status !== 408 && error.status !== 429) return { reason: 'invalid', passing: true, message: `${what}: ${messageOf(error)}` };
  return { reason: 'unreachable', passing: true, message: `${what} from ${context.server}: ${messageOf(error)}` };
}

/** `neededBy`: flags that ask for it. */
export function notInstalled(resource: Resource, neededBy: Iterable<string>): Failure {
  const versions = resource.versions.map((version) => (resource.group ? `${resource.group}/${version}` : version)).join(' or ');
  return {
    reason: 'not-installed',
    passing: false,
    message: `${resource.kind} (${resource.plural} of ${versions}) is not installed in the cluster; ${resource.install ? `${resource.install}, or ` : 'install its CustomResourceDefinition, or '}leave out ${[...neededBy].join(' and ') || 'what reads it'}; it is looked for again now and then`,
  };
}

const unauthorized = ({ server, origin }: ReadingContext): string => `the API server at ${server} does not accept the credentials of ${origin}: renew them, or name others with --kubeconfig`;

/** The missing right as a rule that can be pasted. */
function forbidden(error: ApiError, { resource, namespace, verb, origin }: ReadingContext): string {
  if (!error.fromApi && error.message) return `${resourceName(resource)}: the server or a proxy before it forbids to ${verb} them (${origin}): ${error.message}`;
  const where = namespace && resource.namespaced ? `in namespace ${namespace} (Role or ClusterRole)` : 'in the whole cluster (ClusterRole)';
  const rule = `{apiGroups: ["${resource.group}"], resources: ["${resource.plural}"], verbs: ["get", "list", "watch"]}`;
  const user = /User "([^"]+)"/.exec(error.message)?.[1];
  return `${user ? `user "${user}"` : origin} may not ${verb} ${resourceName(resource)} ${where}: the RBAC rule ${rule} is missing`;
}
