import type { Change } from '../../endpoint/change.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { descriptionLabel } from '../../endpoint/labels.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { SoftError } from '../../errors.ts';
import type { Logger } from '../../log/logger.ts';
import { each } from '../engine/each.ts';
import { type CloudMapClient, hasCode, type Instance, type Namespace, type NewService, type Service } from './client.ts';
import { dnsNameOf, dnsRecords, instanceOf, isOfKind, ownerOf, targetOf, toService } from './convert.ts';

export type CloudMap = Omit<CloudMapClient, 'close'>;

export interface WriterSettings {
  readonly client: Pick<CloudMap, keyof CloudMap>;
  readonly tags: Readonly<Record<string, string>>;
  /** Descriptions say the owner (registry aws-sd). Else every service that has a description is ours. */
  readonly keepsOwners: boolean;
  /** The owner whose services become ours; '' for none. */
  readonly oldOwnerId: string;
  readonly log: Logger;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Instances of one service that are registered or deregistered at the same time. */
export const callsAtOnce = 4;

/** Writes the services of one namespace and their instances. Keeps the list of services, so that a change does not read it again. */
export class ServiceWriter {
  readonly #settings: WriterSettings;
  readonly #namespace: Namespace;
  /** By their names; undefined: not read yet, or out of date. */
  #services: Map<string, Service> | undefined;
  /** Instances that were taken off a service since the last reading; they come back where what is to follow them cannot be made. */
  readonly #removed = new Map<string, readonly Instance[]>();

  constructor(namespace: Namespace, settings: WriterSettings) {
    this.#namespace = namespace;
    this.#settings = settings;
  }

  /** Reads the list of services. */
  async read(signal: AbortSignal): Promise<readonly Service[]> {
    this.#services = undefined;
    this.#removed.clear();
    const services = await this.#settings.client.services(this.#namespace, signal);
    this.#services = new Map(services.map((service) => [keyOf(service.Name), service]));
    return services;
  }

  /** Deletes a service without instances; well, too, where it is gone or has instances after all. */
  async deleteEmpty(service: Service, signal: AbortSignal): Promise<void> {
    try {
      await this.#settings.client.deleteService(service, signal);
    } catch (error) {
      if (hasCode(error, 'ResourceInUse')) return;
      if (!hasCode(error, 'ServiceNotFound')) throw error;
    }
    this.#services?.delete(keyOf(service.Name));
  }

  async apply(change: Change, signal: AbortSignal): Promise<void> {
    try {
      await this.#apply(change, signal);
    } catch (error) {
      // somebody else has made or deleted the service since it was read
      if (!hasCode(error, 'ServiceNotFound', 'ServiceAlreadyExists')) throw error;
      this.#services = undefined;
      await this.#apply(change, signal);
    }
  }

  async #apply(change: Change, signal: AbortSignal): Promise<void> {
    if (change.action === 'delete') return this.#empty(change.before, signal);
    const wished = toService(change.after, this.#namespace, this.#settings.tags);
    const held = await this.#find(wished.Name, signal);
    const service = held ? await this.#prepared(held, wished, change.after, signal) : await this.#create(wished, signal);
    await this.#register(service, change, held === undefined, signal);
  }

  /** The instances of an endpoint go; the service stays. */
  async #empty(before: Endpoint, signal: AbortSignal): Promise<void> {
    const service = await this.#find(toService(before, this.#namespace).Name, signal);
    if (!service) return;
    this.#checkHolder(service, this.#settings.keepsOwners ? descriptionOf(before) : undefined);
    const going = (await this.#settings.client.instances(service, signal)).filter((i) => isOne(i, service, before));
    await this.#deregister(service, going, signal);
    this.#removed.set(service.Id, going);
  }

  /** Comes before goes, so that the name is never without an answer. */
  async #register(service: Service, { before, after }: Change, isNew: boolean, signal: AbortSignal): Promise<void> {
    if (!after) return;
    const { client } = this.#settings;
    const standing = isNew ? [] : await client.instances(service, signal);
    const wished = after.targets.map((target) => instanceOf(after.recordType, target));
    const ids = new Set(wished.map((i) => i.Id));
    const kept = standing.filter((i) => {
      const found = targetOf(i, dnsRecords(service)[0]?.Type ?? '');
      return found?.recordType === after.recordType && after.targets.includes(found.target);
    });
    const missing = wished.filter((i) => !kept.some((k) => k.Id === i.Id || sameAnswer(k, i)));
    await each(missing, callsAtOnce, (instance) => client.registerInstance(service, instance, signal));
    await this.#deregister(service, standing.filter((i) => !ids.has(i.Id) && !kept.includes(i) && before !== undefined && isOne(i, service, before)), signal);
    this.#removed.delete(service.Id);
  }

  async #deregister(service: Service, instances: readonly Instance[], signal: AbortSignal): Promise<void> {
    await each(instances, callsAtOnce, (instance) => this.#settings.client.deregisterInstance(service, instance.Id, signal));
  }

  /** A service that is there, brought to what is wished: its owner and TTL, or made anew where its type or routing is another. */
  async #prepared(held: Service, wished: NewService, after: Endpoint, signal: AbortSignal): Promise<Service> {
    const description = this.#settings.keepsOwners ? wished.Description : undefined;
    await this.#checkVacant(held, description, signal);
    if (!isOfKind(held, wished)) return this.#replace(held, wished, signal);
    const [record] = dnsRecords(held);
    const [other] = wished.DnsConfig.DnsRecords;
    if (!record || !other) throw new Error(`service ${held.Name} has no DNS records`);
    const sameTTL = after.ttlSeconds === 0 || record.TTL === after.ttlSeconds;
    const sameOwner = description === undefined || ownerOf(held.Description) === ownerOf(description);
    if (sameTTL && sameOwner) return held;
    const DnsRecords = [sameTTL ? record : other];
    // what is not said again is taken off
    const next = { Description: description ?? held.Description ?? '', DnsConfig: { DnsRecords }, ...(held.HealthCheckConfig !== undefined && { HealthCheckConfig: held.HealthCheckConfig }) };
    await this.#settings.client.updateService(held, next, signal);
    return this.#keep({ ...held, Description: next.Description, DnsConfig: { ...held.DnsConfig, DnsRecords } });
  }

  /** Another type or routing is only had with another service of the same name. Where it cannot be made, the old instances come back. */
  async #replace(held: Service, wished: NewService, signal: AbortSignal): Promise<Service> {
    const { client, log } = this.#settings;
    const standing = await client.instances(held, signal);
    const before = [...standing, ...(this.#removed.get(held.Id) ?? []).filter((i) => !standing.some((s) => s.Id === i.Id))];
    try {
      await this.#deregister(held, standing, signal);
      await this.#deleteEmptied(held, signal);
    } catch (error) {
      await each(before, callsAtOnce, (instance) => client.registerInstance(held, instance, signal)).catch((thrown: unknown) => log.error('instances of a service could not be put back', { service: held.Name, reason: String(thrown) }));
      throw error;
    }
    this.#services?.delete(keyOf(held.Name));
    this.#removed.delete(held.Id);
    return this.#create(wished, signal);
  }

  /** Instances go some seconds after the call that takes them off, and the service cannot go before. */
  async #deleteEmptied(service: Service, signal: AbortSignal): Promise<void> {
    const { client, sleep } = this.#settings;
    for (let tried = 1; ; tried++) {
      try {
        return await client.deleteService(service, signal);
      } catch (error) {
        if (hasCode(error, 'ServiceNotFound')) return;
        if (!hasCode(error, 'ResourceInUse')) throw error;
        if (tried >= deletionTries) throw new SoftError(`service ${service.Name} of namespace ${this.#namespace.Name} must be made anew for another record type, but its instances do not go; see aws servicediscovery list-operations`, { cause: error });
        await sleep(Math.min(longestWaitMs, firstWaitMs * 2 ** (tried - 1)), signal);
      }
    }
  }

  async #create(wished: NewService, signal: AbortSignal): Promise<Service> {
    return this.#keep(await this.#settings.client.createService(this.#namespace, wished, signal));
  }

  /** A service without instances publishes nothing: one that ExternalDNS has made for another owner may be taken, one of somebody else not. */
  async #checkVacant(service: Service, description: string | undefined, signal: AbortSignal): Promise<void> {
    const isLeftOver = description === undefined || ownerOf(service.Description) !== undefined;
    if (!this.#isOurs(service, description) && isLeftOver && (await this.#settings.client.instances(service, signal)).length === 0) return;
    this.#checkHolder(service, description);
  }

  #checkHolder(service: Service, description: string | undefined): void {
    if (this.#isOurs(service, description)) return;
    const owner = ownerOf(service.Description);
    throw new Error(`service ${service.Name} of namespace ${this.#namespace.Name} is held by ${owner === undefined ? 'somebody else: its description names no owner' : `owner "${owner}"`}; delete it, or take the name ${dnsNameOf(service, this.#namespace)} off your objects`);
  }

  #isOurs(service: Service, description: string | undefined): boolean {
    if (description === undefined) return service.Description !== undefined;
    const owner = ownerOf(service.Description);
    return owner !== undefined && (owner === ownerOf(description) || owner === this.#settings.oldOwnerId);
  }

  #keep(service: Service): Service {
    this.#services?.set(keyOf(service.Name), service);
    return service;
  }

  async #find(name: string, signal: AbortSignal): Promise<Service | undefined> {
    if (!this.#services) await this.read(signal);
    return this.#services?.get(keyOf(name));
  }
}

const deletionTries = 10;
const firstWaitMs = 500;
const longestWaitMs = 5000;

const keyOf = (serviceName: string): string => normalizeName(serviceName);

const descriptionOf = (e: Endpoint): string => e.labels[descriptionLabel] ?? '';

/** Whether an instance answers with one of an endpoint's targets. */
function isOne(instance: Instance, service: Service, e: Endpoint): boolean {
  return dnsRecords(service).some(({ Type }) => {
    const found = targetOf(instance, Type);
    return found?.recordType === e.recordType && e.targets.includes(found.target);
  });
}

function sameAnswer(a: Instance, b: Instance): boolean {
  return Object.entries(b.Attributes ?? {}).every(([name, value]) => a.Attributes?.[name] === value);
}
