import { asRecord, asText } from '../keep.ts';
import type { ClusterWriter } from '../cluster.ts';
import { type RawObject, type Resource, resourceName } from '../object.ts';
import { ApiError, isConflict, isForbidden, isNotFound } from './api-error.ts';
import type { ApiClient, ApiRequest } from './client.ts';
import type { Discovery } from './discovery.ts';
import { apiVersionOf, collectionPath, objectPath } from './paths.ts';

/** Writes through the API, at the rate that --kube-api-qps allows. */
export class ApiWriter implements ClusterWriter {
  readonly #client: ApiClient;
  readonly #discovery: Discovery;
  readonly #readVersion: (resource: Resource) => string | undefined;
  /** Resources and namespaces whose statuses may be updated, but not patched. */
  readonly #updated = new Set<string>();

  /** `readVersion`: the version that a view of the resource reads, where there is one. */
  constructor(client: ApiClient, discovery: Discovery, readVersion: (resource: Resource) => string | undefined) {
    this.#client = client;
    this.#discovery = discovery;
    this.#readVersion = readVersion;
  }

  /** With the right to update in place of that to patch, which is what ExternalDNS v0.22 and its chart ask for, too. */
  async patchStatus(resource: Resource, namespace: string, name: string, status: RawObject, signal: AbortSignal): Promise<boolean> {
    const right = `${resourceName(resource)} ${namespace}`;
    if (this.#updated.has(right)) {
      try {
        return await this.#updateStatus(resource, namespace, name, status, signal);
      } catch (error) {
        if (!isForbidden(error)) throw error;
        this.#updated.delete(right);
      }
    }
    try {
      return await this.#patch(resource, namespace, name, 'status', { status }, signal);
    } catch (error) {
      if (!isForbidden(error)) throw error;
      const written = await this.#updateStatus(resource, namespace, name, status, signal).catch((second: unknown) => {
        throw isForbidden(second) ? error : second;
      });
      this.#updated.add(right);
      return written;
    }
  }

  patchAnnotations(resource: Resource, namespace: string, name: string, annotations: Readonly<Record<string, string | null>>, signal: AbortSignal): Promise<boolean> {
    return this.#patch(resource, namespace, name, '', { metadata: { annotations } }, signal);
  }

  async get(resource: Resource, namespace: string, name: string, signal: AbortSignal): Promise<RawObject | undefined> {
    const version = await this.#version(resource, signal);
    try {
      return await this.#send(resource, 'get', '', { path: objectPath(resource, version, namespace, name), priority: priorityOf(resource) }, signal);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async create(resource: Resource, object: RawObject, signal: AbortSignal): Promise<RawObject> {
    const version = await this.#version(resource, signal);
    const body = typed(object, resource, version);
    return this.#send(resource, 'create', '', { method: 'POST', path: collectionPath(resource, version, placeOf(object).namespace), body, priority: priorityOf(resource) }, signal);
  }

  async replace(resource: Resource, object: RawObject, signal: AbortSignal): Promise<RawObject> {
    const version = await this.#version(resource, signal);
    const { namespace, name } = placeOf(object);
    return this.#send(resource, 'update', '', { method: 'PUT', path: objectPath(resource, version, namespace, name), body: typed(object, resource, version), priority: priorityOf(resource) }, signal);
  }

  async delete(resource: Resource, namespace: string, name: string, signal: AbortSignal): Promise<void> {
    const version = await this.#version(resource, signal);
    try {
      await this.#send(resource, 'delete', '', { method: 'DELETE', path: objectPath(resource, version, namespace, name), priority: priorityOf(resource) }, signal);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /** A merge patch; a conflict or a missing object is not an error: false. */
  async #patch(resource: Resource, namespace: string, name: string, subresource: string, body: RawObject, signal: AbortSignal): Promise<boolean> {
    const version = await this.#version(resource, signal);
    const path = `${objectPath(resource, version, namespace, name)}${subresource && `/${subresource}`}`;
    try {
      await this.#send(resource, 'patch', subresource, { method: 'PATCH', path, body, priority: priorityOf(resource) }, signal);
      return true;
    } catch (error) {
      if (isConflict(error) || isNotFound(error)) return false;
      throw error;
    }
  }

  /** Puts parts of a status in the place of those that stand there. */
  async #updateStatus(resource: Resource, namespace: string, name: string, status: RawObject, signal: AbortSignal): Promise<boolean> {
    const version = await this.#version(resource, signal);
    const path = `${objectPath(resource, version, namespace, name)}/status`;
    for (let tries = 0; tries < 3; tries++) {
      const object = await this.get(resource, namespace, name, signal);
      if (!object) return false;
      try {
        const body = typed({ ...object, status: { ...asRecord(object['status']), ...status } }, resource, version);
        await this.#send(resource, 'update', 'status', { method: 'PUT', path, body, priority: priorityOf(resource) }, signal);
        return true;
      } catch (error) {
        if (isNotFound(error)) return false;
        // somebody else was quicker: with what stands there now
        if (!isConflict(error)) throw error;
      }
    }
    return false;
  }

  async #version(resource: Resource, signal: AbortSignal): Promise<string> {
    const [first = ''] = resource.versions;
    if (resource.versions.length === 1) return first;
    return this.#readVersion(resource) ?? (await this.#discovery.servedVersion(resource, signal)) ?? first;
  }

  async #send(resource: Resource, verb: string, subresource: string, request: ApiRequest, signal: AbortSignal): Promise<RawObject> {
    try {
      return await this.#client.json(request, signal);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 403 || !error.fromApi) throw error;
      const plural = subresource ? `${resource.plural}/${subresource}` : resource.plural;
      const rule = `{apiGroups: ["${resource.group}"], resources: ["${plural}"], verbs: ["${verb}"]}`;
      const { status, reason, fromApi } = error;
      throw new ApiError(`may not ${verb} ${resourceName(resource)}${subresource && `/${subresource}`}: the RBAC rule ${rule} is missing, or an admission plug-in forbids it: ${error.message}`, { status, reason, fromApi });
    }
  }
}

const priorityOf = (resource: Resource): 'write' | undefined => (resource.urgent ? undefined : 'write');

const typed = (object: RawObject, resource: Resource, version: string): RawObject => ({ apiVersion: apiVersionOf(resource.group, version), kind: resource.kind, ...object });

function placeOf(object: RawObject): { namespace: string; name: string } {
  const metadata = asRecord(object['metadata']);
  return { namespace: asText(metadata['namespace']) ?? '', name: asText(metadata['name']) ?? '' };
}
