import type { Endpoint } from '../../endpoint/endpoint.ts';
import type { KubeObject } from '../../kubernetes/object.ts';

/** --fqdn-template, --target-template, --fqdn-target-template and --combine-fqdn-annotation, bound to one source. */
export interface SourceTemplates {
  /** Any of the three is set. */
  readonly configured: boolean;
  /** --fqdn-template or --fqdn-target-template is set: names come from templates. */
  readonly hasNames: boolean;
  readonly combining: boolean;
  /** Names by --fqdn-template, sorted, without duplicates; empty without it. Throws on an object where the template fails. */
  names(object: KubeObject): readonly string[];
  /** Targets by --target-template, likewise. */
  targets(object: KubeObject): readonly string[];
  /**
   * `existing`, or what `make` gives where there is none of it; both where combining. Without any template: `existing`.
   */
  combine(existing: readonly Endpoint[], make: () => readonly Endpoint[]): readonly Endpoint[];
  /** `combine` with the pairs of --fqdn-target-template. */
  combinePairs(existing: readonly Endpoint[], object: KubeObject): readonly Endpoint[];
  /** `combinePairs`, then `combine` with names x targets by template; for sources whose templates must give the targets. */
  combineAll(existing: readonly Endpoint[], object: KubeObject): readonly Endpoint[];
}
