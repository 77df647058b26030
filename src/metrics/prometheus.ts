import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { version } from '../config/version.ts';
import { metricPrefix, type MetricDefinition } from './catalogue.ts';

type Labels = Readonly<Record<string, string>>;

export interface PrometheusRegistry {
  add(name: string, labels: Labels, by: number): void;
  set(name: string, labels: Labels, value: number): void;
  observe(name: string, labels: Labels, value: number): void;
  reset(name: string): void;
  text(): Promise<string>;
}

/** A registry with all metrics of the catalogue, those of the process, and build_info. */
export function openRegistry(catalogue: readonly MetricDefinition[]): PrometheusRegistry {
  const registry = new Registry();
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const summaries = new Map<string, Summary>();
  const histograms = new Map<string, Histogram>();
  for (const { name, type, labels, help, buckets = [] } of catalogue) {
    const options = { name: `${metricPrefix}${name}`, help, labelNames: [...labels], registers: [registry] };
    if (type === 'counter') counters.set(name, new Counter(options));
    else if (type === 'gauge') gauges.set(name, new Gauge(options));
    else if (type === 'histogram') histograms.set(name, new Histogram({ ...options, buckets: [...buckets] }));
    else summaries.set(name, new Summary({ ...options, percentiles: [0.5, 0.9, 0.99], maxAgeSeconds: 600, ageBuckets: 5, pruneAgedBuckets: false }));
  }
  gauges.get('build_info')?.set({ arch: process.arch, go_version: `node ${process.versions.node}`, os: process.platform, revision: '', version: `v${version}` }, 1);
  // its own precision of 10 ms wakes an idle process a hundred times a second
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 1000 });
  return {
    add: (name, labels, by) => (counters.get(name) ?? gauges.get(name))?.inc({ ...labels }, by),
    set: (name, labels, value) => gauges.get(name)?.set({ ...labels }, value),
    observe: (name, labels, value) => (summaries.get(name) ?? histograms.get(name))?.observe({ ...labels }, value),
    reset: (name) => gauges.get(name)?.reset(),
    text: () => registry.metrics(),
  };
}
