import { ConfigurationError } from '../../errors.ts';

const serviceTypes = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

/** Whether Services of a type are read, by --service-type-filter; without it, or with an empty value, all are. Throws ConfigurationError. */
export function createTypeFilter(types: readonly string[]): (type: string) => boolean {
  if (types.length === 0 || types.includes('')) return () => true;
  const unknown = types.find((type) => !serviceTypes.includes(type));
  if (unknown !== undefined) throw new ConfigurationError(`--service-type-filter=${unknown}: there is no such type of Service; there are ${serviceTypes.join(', ')}`);
  return (type) => types.includes(type);
}
