import type { Config } from '../config/config.ts';
import { ConfigurationError } from '../errors.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import type { Logger } from '../log/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Registry } from './registry.ts';

/** What registries may use beside the settings. */
export interface RegistryDeps {
  /** For those that keep ownership in the cluster. */
  readonly cluster?: Cluster;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  /** For requests to APIs. */
  readonly metrics?: Metrics;
  /** The zone that a name lies in, where the provider knows. */
  readonly zoneOf?: (name: string) => string | undefined;
}

/** A registry's module: `create` checks the settings, and throws ConfigurationError. */
interface RegistryModule {
  create(options: Config, deps: RegistryDeps): Registry | Promise<Registry>;
}

/** What `--registry=NAME` stands for; loaded only when named. */
const registries: Readonly<Record<string, (() => Promise<RegistryModule>) | undefined>> = {
  noop: () => import('./noop/index.ts'),
  txt: () => import('./txt/index.ts'),
  crd: () => import('./crd/index.ts'),
  dynamodb: () => import('./dynamodb/index.ts'),
  'aws-sd': () => import('./aws-sd/index.ts'),
};

/** Makes the registry that `--registry` names. Rejects with ConfigurationError. */
export async function createRegistry(options: Config, deps: RegistryDeps): Promise<Registry> {
  const name = registryOf(options);
  if (name !== options.registry) deps.log.info('Cloud Map holds ownership in the descriptions of services: the registry aws-sd is taken', { registry: options.registry });
  const load = Object.hasOwn(registries, name) ? registries[name] : undefined;
  if (!load) throw new ConfigurationError(`registry ${name} is not available; use one of ${Object.keys(registries).join(', ')}`);
  const module = await load();
  return module.create(options, deps);
}

/** The registry that is taken: with Cloud Map its own one, unless there is to be none; as in ExternalDNS v0.22. */
const registryOf = ({ provider, registry }: Config): string => (provider === 'aws-sd' && registry !== 'noop' ? 'aws-sd' : registry);
