import { normalizeName } from '../../endpoint/name.ts';
import type { Registry } from '../registry.ts';

/** No ownership: every record that the filters let pass is ours. */
export function create(): Registry {
  return {
    name: 'noop',
    ownerId: undefined,
    namesOf: (record) => [normalizeName(record.dnsName)],
    label: (_name, records) => records,
    recordNames: (name) => [name],
    async apply(groups, write, _current, signal) {
      return (await write(groups, signal)).map((outcome) => ({ ...outcome, written: outcome.group }));
    },
  };
}
