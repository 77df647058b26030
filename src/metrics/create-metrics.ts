import { metricCatalogue, type MetricDefinition } from './catalogue.ts';
import type { Metrics } from './metrics.ts';
import type { PrometheusRegistry } from './prometheus.ts';

/** Metrics that can be shown in Prometheus' text form. */
export interface ExposedMetrics extends Metrics {
  text(): Promise<string>;
  /** The content type that goes with the text. */
  readonly contentType: string;
}

type Labels = Readonly<Record<string, string>>;
type Operation = (registry: PrometheusRegistry) => void;

/** What is kept before the library is loaded, unless somebody asks for the text first. */
const keptOperations = 1000;

/**
 * The program's metrics. The library behind them is loaded when they are first read, or when much has been counted,
 * so that it takes no part in the start.
 * @throws Error where a name or a label is not in the catalogue (a bug)
 */
export function createMetrics(): ExposedMetrics {
  const known = new Map(metricCatalogue.map((metric) => [metric.name, metric]));
  let kept: Operation[] = [];
  let registry: PrometheusRegistry | undefined;
  let loading: Promise<PrometheusRegistry> | undefined;

  const load = (): Promise<PrometheusRegistry> =>
    (loading ??= import('./prometheus.ts').then(({ openRegistry }) => {
      registry = openRegistry(metricCatalogue);
      for (const operation of kept) operation(registry);
      kept = [];
      return registry;
    }));
  const apply = (operation: Operation): void => {
    if (registry !== undefined) return operation(registry);
    kept.push(operation);
    if (kept.length === keptOperations) void load();
  };

  return {
    add(name, labels = {}, by = 1) {
      check(known.get(name), name, labels, ['counter', 'gauge']);
      apply((to) => to.add(name, labels, by));
    },
    set(name, value, labels = {}) {
      check(known.get(name), name, labels, ['gauge']);
      apply((to) => to.set(name, labels, value));
    },
    observe(name, seconds, labels = {}) {
      check(known.get(name), name, labels, ['summary', 'histogram']);
      apply((to) => to.observe(name, labels, seconds));
    },
    reset(name) {
      check(known.get(name), name, {}, ['gauge']);
      apply((to) => to.reset(name));
    },
    text: async () => (await load()).text(),
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
  };
}

function check(metric: MetricDefinition | undefined, name: string, labels: Labels, types: readonly MetricDefinition['type'][]): void {
  if (metric === undefined) throw new Error(`metric ${name} is not in the catalogue`);
  if (!types.includes(metric.type)) throw new Error(`metric ${name} is a ${metric.type}`);
  for (const label in labels) if (!metric.labels.includes(label)) throw new Error(`metric ${name} has no label ${label}`);
}
