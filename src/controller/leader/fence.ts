import { SoftError } from '../../errors.ts';
import type { Registry } from '../../registries/registry.ts';

/** A registry that begins no write, neither of ownership nor of records, once another process may lead: then `apply` rejects with SoftError. */
export function fenced(registry: Registry, mayWrite: () => boolean): Registry {
  const check = (): void => {
    if (!mayWrite()) throw new SoftError('nothing is written: another process may lead by now');
  };
  return {
    name: registry.name,
    ownerId: registry.ownerId,
    namesOf: (record) => registry.namesOf(record),
    label: (name, records) => registry.label(name, records),
    ...(registry.recordNames && { recordNames: registry.recordNames.bind(registry) }),
    ...(registry.refresh && { refresh: registry.refresh.bind(registry) }),
    ...(registry.wasRead && { wasRead: registry.wasRead.bind(registry) }),
    async apply(groups, write, current, signal) {
      check();
      return registry.apply(
        groups,
        async (written, stop) => {
          check();
          return write(written, stop);
        },
        current,
        signal,
      );
    },
  };
}
