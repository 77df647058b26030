import type { Metrics } from './metrics.ts';

/** Metrics for what sends requests by HTTP, and how many it has sent. */
export interface RequestCount {
  readonly metrics: Metrics;
  /** Requests since the last call. */
  take(): number;
}

export function countRequests(metrics: Metrics): RequestCount {
  let count = 0;
  return {
    metrics: {
      add: (name, labels, by) => metrics.add(name, labels, by),
      set: (name, value, labels) => metrics.set(name, value, labels),
      reset: (name) => metrics.reset(name),
      observe(name, seconds, labels) {
        if (name === 'http_request_duration_seconds') count++;
        metrics.observe(name, seconds, labels);
      },
    },
    take() {
      const taken = count;
      count = 0;
      return taken;
    },
  };
}
