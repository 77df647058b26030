import { SoftError } from '../../errors.ts';
import { AwsClient, type AwsClientOptions } from '../../http/aws/client.ts';
import { AwsRefusal } from '../../http/aws/errors.ts';
import { jsonFailure } from '../../http/aws/json.ts';

/** https://docs.aws.amazon.com/cloud-map/latest/api/API_NamespaceSummary.html */
export interface Namespace {
  readonly Id: string;
  readonly Name: string;
  readonly Type: 'DNS_PUBLIC' | 'DNS_PRIVATE' | 'HTTP';
}

export interface DnsRecord {
  readonly Type: string;
  readonly TTL: number;
}

/** https://docs.aws.amazon.com/cloud-map/latest/api/API_ServiceSummary.html */
export interface Service {
  readonly Id: string;
  readonly Name: string;
  readonly Description?: string;
  /** Left out for services that are found by calls of the API only. */
  readonly DnsConfig?: { readonly RoutingPolicy?: string; readonly DnsRecords?: readonly DnsRecord[] };
  readonly HealthCheckConfig?: unknown;
  readonly InstanceCount?: number;
}

export interface Instance {
  readonly Id: string;
  readonly Attributes?: Readonly<Record<string, string>>;
}

/** What a new service is made of. */
export interface NewService {
  readonly Name: string;
  readonly Description: string;
  readonly DnsConfig: { readonly RoutingPolicy: string; readonly DnsRecords: readonly DnsRecord[] };
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
}

export interface ServiceChange {
  readonly Description: string;
  readonly DnsConfig: { readonly DnsRecords: readonly DnsRecord[] };
  /** What is left out here is taken off the service. */
  readonly HealthCheckConfig?: unknown;
}

/** The most of one page of any list. */
const toAPage = 100;

/** The calls of AWS Cloud Map (JSON 1.1, 2017-03-14). */
export class CloudMapClient {
  readonly #aws: AwsClient;

  constructor(options: Omit<AwsClientOptions, 'service' | 'failureOf'>) {
    this.#aws = new AwsClient({ ...options, service: 'servicediscovery', failureOf: jsonFailure });
  }

  /** All namespaces, all pages; of one type where it is given. */
  namespaces(type: Namespace['Type'] | undefined, signal: AbortSignal): Promise<readonly Namespace[]> {
    const filters = type === undefined ? {} : { Filters: [{ Name: 'TYPE', Values: [type] }] };
    return this.#list<Namespace>('ListNamespaces', 'Namespaces', '', filters, signal);
  }

  /** All services of a namespace, all pages. */
  services(namespace: Namespace, signal: AbortSignal): Promise<readonly Service[]> {
    return this.#list<Service>('ListServices', 'Services', `namespace ${namespace.Name}`, { Filters: [{ Name: 'NAMESPACE_ID', Values: [namespace.Id] }] }, signal);
  }

  /** All instances of a service, healthy or not, all pages. */
  instances(service: Service, signal: AbortSignal): Promise<readonly Instance[]> {
    return this.#list<Instance>('ListInstances', 'Instances', `service ${service.Name}`, { ServiceId: service.Id }, signal);
  }

  async createService(namespace: Namespace, service: NewService, signal: AbortSignal): Promise<Service> {
    const answer = (await this.#call('CreateService', `service ${service.Name} in namespace ${namespace.Name}`, { ...service, NamespaceId: namespace.Id }, signal)) as { readonly Service?: Service };
    if (!answer.Service) throw new SoftError(`servicediscovery:CreateService of service ${service.Name}: the answer does not say what was made`);
    return answer.Service;
  }

  async updateService(service: Service, change: ServiceChange, signal: AbortSignal): Promise<void> {
    await this.#call('UpdateService', `service ${service.Name}`, { Id: service.Id, Service: change }, signal);
  }

  /** Refused with the code ResourceInUse as long as there are instances. */
  async deleteService(service: Service, signal: AbortSignal): Promise<void> {
    await this.#call('DeleteService', `service ${service.Name}`, { Id: service.Id }, signal);
  }

  /** Puts an instance in, or in the place of that with the same id. Cloud Map makes the DNS records some time after it has answered. */
  async registerInstance(service: Service, { Id, Attributes }: Instance, signal: AbortSignal): Promise<void> {
    await this.#call('RegisterInstance', `instance ${Id} of service ${service.Name}`, { ServiceId: service.Id, InstanceId: Id, Attributes }, signal);
  }

  /** Well, too, where there is no such instance. */
  async deregisterInstance(service: Service, id: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#call('DeregisterInstance', `instance ${id} of service ${service.Name}`, { ServiceId: service.Id, InstanceId: id }, signal);
    } catch (error) {
      if (!hasCode(error, 'InstanceNotFound')) throw error;
    }
  }

  close(): Promise<void> {
    return this.#aws.close();
  }

  async #list<T>(operation: string, field: string, object: string, parameters: object, signal: AbortSignal): Promise<readonly T[]> {
    const all: T[] = [];
    for (let token: unknown; ; ) {
      const page = (await this.#call(operation, object, { ...parameters, MaxResults: toAPage, ...(token !== undefined && { NextToken: token }) }, signal)) as Readonly<Record<string, unknown>>;
      const items = page[field];
      if (Array.isArray(items)) all.push(...(items as T[]));
      token = page['NextToken'] ?? undefined;
      if (token === undefined || token === '') return all;
    }
  }

  async #call(operation: string, object: string, parameters: unknown, signal: AbortSignal): Promise<unknown> {
    try {
      const response = await this.#aws.call(
        {
          action: `servicediscovery:${operation}`,
          object,
          method: 'POST',
          path: '/',
          headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Route53AutoNaming_v20170314.${operation}` },
          body: JSON.stringify(parameters),
          // everything is named by its id; who makes a service twice is told that it is there
          idempotent: true,
        },
        signal,
      );
      return response.json();
    } catch (error) {
      // an operation on the same instance is still under way
      if (hasCode(error, 'DuplicateRequest')) throw new SoftError(error.message, { cause: error });
      throw error;
    }
  }
}

/** Whether AWS refused a call for one of these reasons. */
export const hasCode = (error: unknown, ...codes: readonly string[]): error is AwsRefusal => error instanceof AwsRefusal && codes.includes(error.code);
