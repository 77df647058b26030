import type { Labels } from './endpoint.ts';
import { compareText } from './targets.ts';
import { decryptText, encryptText } from './text-encryption.ts';

const heritage = 'external-dns';

/**
 * A property of current records whose ownership is known, but not written as it should be: they are due for an update, which writes it.
 * ExternalDNS v0.22 uses the same name.
 */
export const forceUpdateProperty = 'txt/force-update';

/**
 * A label that carries the description of a service of AWS Cloud Map between the provider aws-sd and the registry that reads and writes it.
 * Providers behind the webhook protocol know it by the same name.
 */
export const descriptionLabel = 'aws-sd-description';

/** How ownership texts are written and read. Without a key, encrypted ones are not understood. */
export interface OwnershipTextOptions {
  /** 32 bytes, for AES-256-GCM. */
  readonly key?: Uint8Array | undefined;
  /** Write encrypted. Reading understands both kinds whenever there is a key. */
  readonly encrypt: boolean;
}

/** The text of an ownership record: `heritage=external-dns,external-dns/owner=me,external-dns/resource=ingress/default/web`, without quotes. */
export function serializeLabels(labels: Labels): string {
  const parts = Object.entries(labels)
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, value]) => `${heritage}/${key}=${value}`);
  return [`heritage=${heritage}`, ...parts].join(',');
}

/** The labels of an ownership text, with quotes or without; undefined where the text is none of ours. */
export function parseLabels(text: string): Labels | undefined {
  const labels: [string, string][] = [];
  let found = false;
  for (const part of trimQuotes(text).split(',')) {
    const at = part.indexOf('=');
    if (at < 0) continue;
    const [key, value] = [part.slice(0, at), part.slice(at + 1)];
    if (key === 'heritage') {
      if (value !== heritage) return undefined;
      found = true;
    } else if (key.startsWith(`${heritage}/`)) labels.push([key.slice(heritage.length + 1), value]);
  }
  return found ? Object.fromEntries(labels) : undefined;
}

/** The target of an ownership TXT record, in quotes. */
export function writeOwnershipText(labels: Labels, options: OwnershipTextOptions): string {
  const plain = serializeLabels(labels);
  return `"${options.encrypt && options.key ? encryptText(plain, options.key) : plain}"`;
}

/** The labels in the target of a TXT record; undefined where it is no ownership text, or cannot be decrypted. */
export function readOwnershipText(target: string, options: OwnershipTextOptions): Labels | undefined {
  const plain = parseLabels(target);
  if (plain || !options.key) return plain;
  const decrypted = decryptText(trimQuotes(target), options.key);
  return decrypted === undefined ? undefined : parseLabels(decrypted);
}

/** Whether readOwnershipText would give labels; at less cost where the text is as we write it. */
export function isOwnershipText(target: string, options: OwnershipTextOptions): boolean {
  return target.startsWith(usualStart) || readOwnershipText(target, options) !== undefined;
}

const usualStart = `"heritage=${heritage},${heritage}/`;

const trimQuotes = (text: string): string => text.replace(/^"+|"+$/g, '');
