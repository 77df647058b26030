import { endpointsForName } from '../../endpoint/build.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import type { Wrapper } from './types.ts';

/**
 * --default-targets for endpoints without targets, with --force-default-targets for all.
 * Whatever the type was: that of the new endpoints goes by the form of the targets.
 */
export function defaultTargets(targets: readonly string[], force: boolean): Wrapper | undefined {
  if (targets.length === 0) return undefined;
  const replaced = (e: Endpoint): readonly Endpoint[] =>
    endpointsForName(e.dnsName, targets, { ttlSeconds: e.ttlSeconds, providerSpecific: e.providerSpecific, setIdentifier: e.setIdentifier }).map((made) => ({
      ...made,
      labels: e.labels,
      refs: e.refs,
    }));
  return (endpoints) => endpoints.flatMap((e) => (force || e.targets.length === 0 ? replaced(e) : [e]));
}
