import { ownerLabel } from '../../src/endpoint/endpoint.ts';
import { parseLabels } from '../../src/endpoint/labels.ts';
import { AwsRefusal } from '../../src/http/aws/errors.ts';
import type { Instance, Namespace, NewService, Service, ServiceChange } from '../../src/providers/aws-sd/client.ts';
import type { CloudMap } from '../../src/providers/aws-sd/writer.ts';
import { type FakeAnswer, type FakeCall, HttpFake } from './http-fake.ts';

interface FakeService extends Service {
  readonly NamespaceId: string;
}

export interface GivenService {
  readonly name?: string;
  readonly type?: string;
  readonly ttlSeconds?: number;
  readonly description?: string;
  readonly namespace?: string;
  readonly instances?: readonly Instance[];
}

/** Namespaces of AWS Cloud Map in memory, as strict as the API. */
export class FakeCloudMap implements CloudMap {
  readonly calls: string[] = [];
  readonly #namespaces: readonly Namespace[];
  readonly #services: FakeService[] = [];
  readonly #instances = new Map<string, Map<string, Instance>>();
  #made = 0;
  /** Throws where a call is to fail. */
  fault: ((call: string) => void) | undefined;
  /** The service that may not be changed. */
  refused: string | undefined;

  constructor(services: readonly GivenService[] = [], namespaces: readonly Namespace[] = [{ Id: 'ns-1', Name: 'example.org', Type: 'DNS_PUBLIC' }]) {
    this.#namespaces = namespaces;
    this.put(...services);
  }
  put(...services: readonly GivenService[]): void {
    for (const { name = 'web', type = 'A', ttlSeconds = 300, description, namespace = 'ns-1', instances = [] } of services) {
      const dns = type === '' ? {} : { DnsConfig: { RoutingPolicy: 'MULTIVALUE', DnsRecords: [{ Type: type, TTL: ttlSeconds }] } };
      const service: FakeService = { Id: `srv-${name}-${namespace}`, Name: name, NamespaceId: namespace, ...dns, ...(description !== undefined && { Description: description }) };
      this.#services.push(service);
      this.#instances.set(service.Id, new Map(instances.map((i) => [i.Id, i])));
    }
  }
  async namespaces(type: Namespace['Type'] | undefined): Promise<readonly Namespace[]> {
    return this.#namespaces.filter((n) => type === undefined || n.Type === type);
  }
  async services(namespace: Namespace): Promise<readonly Service[]> {
    this.#note(`list ${namespace.Name}`);
    return this.#services.filter((s) => s.NamespaceId === namespace.Id).map((s) => ({ ...s, InstanceCount: this.#of(s).size }));
  }
  async instances(service: Service): Promise<readonly Instance[]> {
    this.#note(`read ${service.Name}`);
    return [...this.#of(service).values()];
  }
  async createService(namespace: Namespace, { Name, Description, DnsConfig }: NewService): Promise<Service> {
    this.#note(`create ${Name}`);
    if (!this.#namespaces.some((n) => n.Id === namespace.Id)) throw new AwsRefusal('not there', 'NamespaceNotFound');
    if (!serviceName.test(Name)) throw new AwsRefusal(`the name ${Name} does not match the pattern`, 'InvalidInput');
    if (Description.length > 1024) throw new AwsRefusal('the description is too long', 'InvalidInput');
    if (DnsConfig.RoutingPolicy !== 'WEIGHTED' && DnsConfig.DnsRecords.some((r) => r.Type === 'CNAME')) throw new AwsRefusal('CNAME wants weighted routing', 'InvalidInput');
    this.#checkPermission(Name);
    if (this.#services.some((s) => s.NamespaceId === namespace.Id && s.Name.toLowerCase() === Name.toLowerCase())) throw new AwsRefusal('there already', 'ServiceAlreadyExists');
    const service = { Id: `srv-new-${++this.#made}`, Name, Description, DnsConfig, NamespaceId: namespace.Id };
    this.#services.push(service);
    this.#instances.set(service.Id, new Map());
    return service;
  }
  async updateService(service: Service, { Description, DnsConfig }: ServiceChange): Promise<void> {
    this.#note(`update ${service.Name}`);
    const at = this.#services.findIndex((s) => s.Id === service.Id);
    const held = this.#services[at];
    if (!held) throw new AwsRefusal('not there', 'ServiceNotFound');
    if (DnsConfig.DnsRecords[0]?.Type !== held.DnsConfig?.DnsRecords?.[0]?.Type) throw new AwsRefusal('the type cannot be changed', 'InvalidInput');
    this.#services[at] = { ...held, Description, DnsConfig: { ...held.DnsConfig, ...DnsConfig } };
  }
  async deleteService(service: Service): Promise<void> {
    this.#note(`delete ${service.Name}`);
    if (this.#of(service).size > 0) throw new AwsRefusal('it has instances', 'ResourceInUse');
    this.#services.splice(this.#services.findIndex((s) => s.Id === service.Id), 1);
  }
  async registerInstance(service: Service, instance: Instance): Promise<void> {
    this.#note(`register ${instance.Id}`);
    this.#checkPermission(this.#services.find((s) => s.Id === service.Id)?.Name ?? '');
    const { Attributes: attributes = {} } = instance;
    const { RoutingPolicy: routing, DnsRecords: [record] = [] } = this.#services.find((s) => s.Id === service.Id)?.DnsConfig ?? {};
    const asked = { A: 'AWS_INSTANCE_IPV4', AAAA: 'AWS_INSTANCE_IPV6', CNAME: 'AWS_INSTANCE_CNAME' }[record?.Type ?? ''] ?? '';
    const fits = attributes['AWS_ALIAS_DNS_NAME'] ? routing === 'WEIGHTED' && record?.Type === 'A' : attributes[asked] !== undefined;
    if (!fits) throw new AwsRefusal(`a service of type ${record?.Type} takes no ${Object.keys(attributes).join()}`, 'InvalidInput');
    this.#of(service).set(instance.Id, instance);
  }
  async deregisterInstance(service: Service, id: string): Promise<void> {
    this.#note(`deregister ${id}`);
    this.#of(service).delete(id);
  }
  /** All services of a namespace with their instances. */
  held(namespaceId: string): readonly { readonly service: Service; readonly instances: readonly Instance[] }[] {
    return this.#services.filter((s) => s.NamespaceId === namespaceId).map((service) => ({ service, instances: [...this.#of(service).values()] }));
  }
  state(): string[] {
    return this.#services.map((s) => `${s.Name} ${s.DnsConfig?.DnsRecords?.map((r) => `${r.Type} ${r.TTL}`).join() ?? 'no DNS'} ${parseLabels(s.Description ?? '')?.[ownerLabel] ?? s.Description ?? '-'}: ${[...this.#of(s).keys()].sort().join(' ')}`.trimEnd()).sort();
  }
  #of(service: Service): Map<string, Instance> {
    const held = this.#instances.get(service.Id);
    if (!held || !this.#services.some((s) => s.Id === service.Id)) throw new AwsRefusal('not there', 'ServiceNotFound');
    return held;
  }
  #checkPermission(name: string): void {
    if (name === this.refused) throw new AwsRefusal(`service ${name} may not be changed`, 'InvalidInput');
  }
  #note(call: string): void {
    this.calls.push(call);
    this.fault?.(call);
  }
}

/** https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html */
const serviceName = /^(?=.{1,127}$)([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?)(\.[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?)*$/;

export const cloudMapFailure = (status: number, code: string, message: string): FakeAnswer => ({ status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: { __type: code, Message: message } });

/** AWS Cloud Map by its JSON protocol, version 2017-03-14. */
export const startCloudMap = (fake: FakeCloudMap): Promise<HttpFake> =>
  HttpFake.start((call) =>
    answerOf(fake, call).then(
      (body): FakeAnswer => ({ status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body }),
      (error: unknown) => {
        if (!(error instanceof AwsRefusal)) throw error;
        return cloudMapFailure(400, error.code, error.message);
      },
    ),
  );

interface Parameters extends NewService {
  readonly Id: string;
  readonly NamespaceId: string;
  readonly ServiceId: string;
  readonly InstanceId: string;
  readonly Attributes: Readonly<Record<string, string>>;
  readonly Service: ServiceChange;
  readonly Filters?: readonly { readonly Name: string; readonly Values: readonly string[] }[];
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

async function answerOf(fake: FakeCloudMap, { headers, body }: FakeCall): Promise<object> {
  const given = JSON.parse(body) as Parameters;
  const filter = (name: string): string | undefined => given.Filters?.find((f) => f.Name === name)?.Values[0];
  const page = (field: string, items: readonly object[]): object => {
    const start = Number(given.NextToken ?? 0);
    const end = start + Math.min(100, given.MaxResults ?? 100);
    return { [field]: items.slice(start, end), ...(end < items.length && { NextToken: String(end) }) };
  };
  const service = { Id: given.ServiceId ?? given.Id ?? '', Name: '' };
  switch (String(headers['x-amz-target']).replace('Route53AutoNaming_v20170314.', '')) {
    case 'ListNamespaces':
      return page('Namespaces', await fake.namespaces(filter('TYPE') as Namespace['Type'] | undefined));
    case 'ListServices':
      return page('Services', await fake.services({ Id: filter('NAMESPACE_ID') ?? '', Name: '', Type: 'DNS_PUBLIC' }));
    case 'ListInstances':
      return page('Instances', await fake.instances(service));
    case 'CreateService':
      return { Service: await fake.createService({ Id: given.NamespaceId, Name: '', Type: 'DNS_PUBLIC' }, given) };
    case 'UpdateService':
      await fake.updateService(service, given.Service);
      return { OperationId: 'update' };
    case 'DeleteService':
      await fake.deleteService(service);
      return {};
    case 'RegisterInstance':
      await fake.registerInstance(service, { Id: given.InstanceId, Attributes: given.Attributes });
      return { OperationId: 'register' };
    case 'DeregisterInstance':
      await fake.deregisterInstance(service, given.InstanceId);
      return { OperationId: 'deregister' };
    default:
      throw new AwsRefusal('no such operation', 'UnknownOperationException');
  }
}
