import type { ProviderSpecificProperty } from '../../endpoint/endpoint.ts';
import { annotationPrefix, legacyAnnotationPrefix } from './prefixes.ts';

/** Annotations `aws-weight` become properties `aws/weight`. */
const providers = ['aws', 'scw', 'webhook', 'coredns'] as const;

/** Cloudflare's properties have the full names of their annotations, under the default prefix. */
const cloudflare = new Set(['cloudflare-custom-hostname', 'cloudflare-proxied', 'cloudflare-region-key', 'cloudflare-record-comment', 'cloudflare-tags']);

/** Values of `alias` that ask for an alias record: of both address types, or of one. */
const aliases = new Set(['true', 'A', 'AAAA']);

/** The provider-specific properties that annotations ask for, sorted by name. Keys are without prefix. */
export function propertiesOf(annotations: ReadonlyMap<string, string>): readonly ProviderSpecificProperty[] {
  const properties: ProviderSpecificProperty[] = [];
  for (const [key, value] of annotations) {
    const name = propertyName(key);
    if (name !== undefined && (name !== 'alias' || aliases.has(value))) properties.push({ name, value });
  }
  return properties.length < 2 ? properties : properties.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function propertyName(key: string): string | undefined {
  if (key === 'alias' || key === 'record-type') return key;
  if (key === 'azure-tags') return 'azure/tags';
  if (cloudflare.has(key)) return annotationPrefix + key;
  const provider = providers.find((p) => key.startsWith(`${p}-`));
  return provider && `${provider}/${key.slice(provider.length + 1)}`;
}

/**
 * The properties of a manifest under the names that programs know. Those of Cloudflare are written with a prefix of annotations: where one is there
 * under both prefixes in force, the stronger wins (`differing`: the short names of those whose values differ); under a prefix that is not in force it is none.
 */
export function canonicalProperties(
  properties: readonly ProviderSpecificProperty[],
  prefixes: readonly string[],
): { readonly properties: readonly ProviderSpecificProperty[]; readonly differing: readonly string[] } {
  const known = [...prefixes, annotationPrefix, legacyAnnotationPrefix];
  const differing: string[] = [];
  const canonical = properties.flatMap((property): readonly ProviderSpecificProperty[] => {
    const prefix = known.find((p) => property.name.startsWith(`${p}cloudflare-`));
    if (prefix === undefined) return [property];
    const [rank, key] = [prefixes.indexOf(prefix), property.name.slice(prefix.length)];
    if (rank < 0) return [];
    const stronger = properties.find(({ name }) => prefixes.slice(0, rank).some((p) => name === p + key));
    if (stronger && stronger.value !== property.value) differing.push(key);
    return stronger ? [] : [{ name: annotationPrefix + key, value: property.value }];
  });
  return { properties: canonical, differing };
}
