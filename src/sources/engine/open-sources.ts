import type { Config } from '../../config/config.ts';
import type { Cluster } from '../../kubernetes/cluster.ts';
import type { Logger } from '../../log/logger.ts';
import { createAnnotations } from '../common/annotations.ts';
import { publishedAnnotation } from '../common/prefixes.ts';
import { createSelection } from '../common/selection.ts';
import type { Templates } from '../common/templates.ts';
import type { Source, SourceDefinition } from '../source.ts';
import type { HostResolver } from './host-resolver.ts';
import { SourceRunner } from './source-runner.ts';

/** Makes the sources that `--source` names, in its order, and begins to watch what they read. Throws ConfigurationError. */
export async function openSources(parts: {
  definitions: readonly SourceDefinition[];
  options: Config;
  cluster: Cluster;
  templates: Templates;
  resolver: HostResolver;
  log: Logger;
  onDirty: () => void;
}): Promise<readonly SourceRunner[]> {
  const { definitions, options, cluster, templates, resolver, log, onDirty } = parts;
  const runners: SourceRunner[] = [];
  for (const definition of definitions) {
    const source = await createSource(definition, options, templates, log);
    // a template may read any field of the objects that are walked
    const whole = definition.templates && templates.for(definition.name).configured;
    runners.push(new SourceRunner({ definition, source, cluster, whole, staleGraceMs: options.once ? 0 : options.staleGraceMs, ownAnnotation: publishedAnnotation(options.annotationPrefix), resolver, log, onDirty }));
  }
  return runners;
}

/** Makes a source of its definition; needs no cluster. Throws ConfigurationError. */
export async function createSource(definition: SourceDefinition, options: Config, templates: Templates, log: Logger): Promise<Source> {
  return definition.create({ options, annotations: createAnnotations(options), templates: templates.for(definition.name), selects: createSelection(options), log });
}
