import type { Change } from '../../endpoint/change.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { messageOf } from '../../errors.ts';
import { each } from '../engine/each.ts';
import type { RecordSetWriter, Zone, ZoneReader } from '../engine/zone-provider.ts';
import type { Namespace, Service } from './client.ts';
import { adjust, dnsNameOf, ownerOf, recordTypes, toEndpoints } from './convert.ts';
import { callsAtOnce, ServiceWriter, type WriterSettings } from './writer.ts';

/** A namespace with DNS; those of type HTTP have none. */
export interface NamespaceZone extends Zone {
  readonly namespace: Namespace;
}

export interface CloudMapSettings extends WriterSettings {
  readonly type: '' | 'public' | 'private';
  /** The owner whose services without instances are deleted; undefined: they stay. */
  readonly cleansUpFor: string | undefined;
}

/** AWS Cloud Map. A name is a service of its namespace, a target is an instance of the service. */
export class CloudMapProvider implements ZoneReader<NamespaceZone>, RecordSetWriter<NamespaceZone> {
  readonly name = 'aws-sd';
  readonly recordTypes = recordTypes;
  readonly granularity = 'record-set';
  /** All calls name what they change: once more does no harm. */
  readonly idempotent = true;
  /** Also several names may stand behind one: each is an instance with a weight. */
  readonly limits = { singleValueTypes: [] };
  readonly #settings: CloudMapSettings;
  readonly #writers = new Map<string, ServiceWriter>();
  readonly #told = new Set<string>();

  constructor(settings: CloudMapSettings) {
    this.#settings = settings;
  }

  async zones(signal: AbortSignal): Promise<readonly NamespaceZone[]> {
    const { client, type } = this.#settings;
    const wanted = type === '' ? undefined : type === 'public' ? 'DNS_PUBLIC' : 'DNS_PRIVATE';
    return (await client.namespaces(wanted, signal)).filter((n) => n.Type !== 'HTTP').map((namespace) => ({ id: namespace.Id, name: namespace.Name, namespace }));
  }

  async records(zone: NamespaceZone, signal: AbortSignal): Promise<readonly Endpoint[]> {
    return this.#read(zone, undefined, signal);
  }

  async recordsOf(zone: NamespaceZone, names: readonly string[], signal: AbortSignal): Promise<readonly Endpoint[]> {
    return this.#read(zone, new Set(names), signal);
  }

  /** All namespaces of the longest name that a name lies below; the name of a namespace itself cannot be a service of it. */
  choose(name: string, matching: readonly NamespaceZone[]): readonly NamespaceZone[] {
    const above = matching.filter((zone) => normalizeName(zone.name) !== name);
    const [longest] = above;
    return longest ? above.filter((zone) => normalizeName(zone.name) === normalizeName(longest.name)) : [];
  }

  adjust(endpoints: readonly Endpoint[]): readonly Endpoint[] {
    return adjust(endpoints, (what, e) => this.#tell(what, e.dnsName));
  }

  apply(zone: NamespaceZone, change: Change, signal: AbortSignal): Promise<void> {
    return this.#writerOf(zone).apply(change, signal);
  }

  async #read(zone: NamespaceZone, names: ReadonlySet<string> | undefined, signal: AbortSignal): Promise<readonly Endpoint[]> {
    const { client, keepsOwners } = this.#settings;
    const { namespace } = zone;
    const services = await this.#writerOf(zone).read(signal);
    const wanted = services.filter((service) => {
      if (names && !names.has(normalizeName(dnsNameOf(service, namespace)))) return false;
      // without a registry, what has no description would count as ours
      return keepsOwners || service.Description !== undefined;
    });
    const read = await each(wanted, callsAtOnce, async (service) => {
      const instances = service.InstanceCount === 0 ? [] : await client.instances(service, signal);
      // a name that is asked for by itself is about to be written
      if (instances.length === 0 && !names) await this.#cleanUp(zone, service, signal);
      return toEndpoints(service, namespace, instances);
    });
    return read.flat();
  }

  /** As in ExternalDNS v0.22, services go in the run after that in which their instances went: before, Cloud Map would refuse it. */
  async #cleanUp(zone: NamespaceZone, service: Service, signal: AbortSignal): Promise<void> {
    const { cleansUpFor, log } = this.#settings;
    if (cleansUpFor === undefined || ownerOf(service.Description) !== cleansUpFor) return;
    try {
      await this.#writerOf(zone).deleteEmpty(service, signal);
      log.info('service without instances was deleted', { provider: this.name, zone: zone.name, service: service.Name });
    } catch (error) {
      if (signal.aborted) throw error;
      log.error('service without instances could not be deleted', { provider: this.name, zone: zone.name, service: service.Name, reason: messageOf(error) });
    }
  }

  #writerOf({ id, namespace }: NamespaceZone): ServiceWriter {
    const writer = this.#writers.get(id) ?? new ServiceWriter(namespace, this.#settings);
    this.#writers.set(id, writer);
    return writer;
  }

  #tell(what: string, name: string): void {
    const key = `${name} ${what}`;
    if (this.#told.has(key)) return;
    if (this.#told.size >= mostTold) this.#told.clear();
    this.#told.add(key);
    this.#settings.log.warning(what, { provider: this.name, name });
  }
}

const mostTold = 10_000;
