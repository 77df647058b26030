import type { ProviderSpecificProperty } from '../../endpoint/endpoint.ts';
import { annotationPrefix } from './prefixes.ts';

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

/** The name of a property as programs know it, of one that was written in a manifest or a record under any prefix in force. */
export function canonicalPropertyName(name: string, prefixes: readonly string[]): string {
  const prefix = prefixes.find((p) => name.startsWith(p));
  return prefix !== undefined && name.startsWith('cloudflare-', prefix.length) ? annotationPrefix + name.slice(prefix.length) : name;
}
