import type { Endpoint } from '../../endpoint/endpoint.ts';
import { joinRefs } from '../../endpoint/merge.ts';
import type { Wrapper } from './types.ts';

/** Sorts targets, and joins endpoints that are the same but for TTL, labels and properties: the first source's stand. */
export const deduplication: Wrapper = (endpoints, { onDuplicate }) => {
  const [only, ...more] = endpoints;
  if (only && more.length === 0) return only.targets.length < 2 ? endpoints : [sorted(only)];
  const byContent = new Map<string, Endpoint>();
  for (const e of endpoints) {
    const one = e.targets.length < 2 ? e : sorted(e);
    const key = `${one.recordType} ${one.dnsName} ${one.targets.join(';')} ${one.setIdentifier}`;
    const first = byContent.get(key);
    if (first) {
      onDuplicate?.(one);
      byContent.set(key, { ...first, refs: joinRefs([first, one]) });
    } else byContent.set(key, one);
  }
  return [...byContent.values()];
};

const sorted = (e: Endpoint): Endpoint => ({ ...e, targets: [...new Set(e.targets)].sort() });
