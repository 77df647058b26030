import { type Endpoint, endpoint, resourceLabel } from '../endpoint/endpoint.ts';
import { ConfigurationError } from '../errors.ts';
import type { Resource } from '../kubernetes/object.ts';
import { DNSEndpoint, type DNSEndpointEntry, type DNSEndpointObject } from '../kubernetes/resources/core.ts';
import { prefixesInForce } from './common/prefixes.ts';
import { canonicalProperties } from './common/properties.ts';
import { createSelection } from './common/selection.ts';
import { resourceLabelOf } from './common/targets.ts';
import { defineSource, type ObjectContext, walk } from './source.ts';

/** DNSEndpoint: records as they are written. Its annotations, the controller's included, are not read. */
export const crd = defineSource({
  name: 'crd',
  title: 'DNSEndpoint',
  resources: [DNSEndpoint],
  resourceLabels: ['crd'],
  templates: false,
  annotations: [],
  create({ options }) {
    const selects = createSelection(options, { controller: false });
    const prefixes = prefixesInForce(options);

    function endpointOf(entry: DNSEndpointEntry, object: DNSEndpointObject, context: ObjectContext): Endpoint {
      const { properties, differing } = canonicalProperties(entry.providerSpecific, prefixes);
      if (differing.length) context.warn(`${describe(entry)}: the properties ${differing.join(', ')} under ${prefixes[1]} differ from those under ${prefixes[0]}, which are used; remove the former`);
      return endpoint({
        dnsName: entry.dnsName,
        recordType: entry.recordType,
        targets: entry.targets,
        setIdentifier: entry.setIdentifier,
        ttlSeconds: Math.max(0, Math.floor(entry.recordTTL)),
        labels: { ...entry.labels, [resourceLabel]: resourceLabelOf('crd', object) },
        providerSpecific: properties,
      });
    }

    function usable(entry: DNSEndpointEntry, context: ObjectContext): boolean {
      const what = describe(entry);
      const misspelt = entry.targets.find((target) => dotIsWrong(entry.recordType, target));
      if (misspelt !== undefined) {
        context.warn(`${what}: the target ${JSON.stringify(misspelt)} must ${misspelt.endsWith('.') ? 'not end' : 'end'} in a dot`);
        return false;
      }
      // it asks for no record, but neither for the end of the one that stands: the plan leaves that alone
      if (entry.targets.length === 0 && options.defaultTargets.length === 0) context.warn(`${what} has no targets`);
      return true;
    }

    return {
      walks: [
        walk({
          resource: dnsEndpointResource(options.crdSourceApiversion, options.crdSourceKind),
          namespace: options.namespace,
          endpoints: (object, context) => (selects(object) ? object.spec.endpoints.filter((entry) => usable(entry, context)).map((entry) => endpointOf(entry, object, context)) : []),
          status: (object) =>
            selects(object) && object.status.observedGeneration !== object.metadata.generation ? { observedGeneration: object.metadata.generation } : undefined,
        }),
      ],
      reads: [],
    };
  },
});

const describe = ({ recordType, dnsName }: DNSEndpointEntry): string => `${recordType} record ${dnsName}`;

/** Types whose targets may end in a dot or not: names that are absolute either way, and free text. */
const dotIsFree = new Set(['CNAME', 'DNAME', 'TXT', 'MX', 'SRV']);

/** NAPTR targets end in a dot; addresses and names of other types do not. */
const dotIsWrong = (recordType: string, target: string): boolean => !dotIsFree.has(recordType) && target.endsWith('.') !== (recordType === 'NAPTR');

/** The resource by --crd-source-apiversion and --crd-source-kind: DNSEndpoint, or one of the same form. Throws ConfigurationError. */
function dnsEndpointResource(apiVersion: string, kind: string): Resource<DNSEndpointObject> {
  const [group = '', version = '', ...more] = apiVersion.split('/');
  if (group === '' || version === '' || more.length) throw new ConfigurationError(`--crd-source-apiversion=${apiVersion} is not of the form GROUP/VERSION`);
  if (group === DNSEndpoint.group && DNSEndpoint.versions.includes(version) && kind === DNSEndpoint.kind) return DNSEndpoint;
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(kind)) throw new ConfigurationError(`--crd-source-kind=${kind} is no kind of resource`);
  return { ...DNSEndpoint, group, versions: [version], kind, plural: pluralOf(kind.toLowerCase()), install: `install the definition of ${kind} in ${apiVersion}` };
}

/** As the API server makes it where a definition does not say otherwise. */
const pluralOf = (singular: string): string => {
  if (/(s|x|z|ch|sh)$/.test(singular)) return `${singular}es`;
  return /[^aeiou]y$/.test(singular) ? `${singular.slice(0, -1)}ies` : `${singular}s`;
};
