import { metricCatalogue, metricPrefix } from '../../metrics/catalogue.ts';
import { code, table } from './markdown.ts';

/** docs/metrics.md: where metrics and health are served, and every metric. */
export function metricsPage(): string {
  const rows = metricCatalogue.map(({ name, type, labels, help }) => [code(`${metricPrefix}${name}`), type, labels.map(code).join(', '), help]);
  return `${introduction}\n\n${table(['Metric', 'Type', 'Labels', 'Meaning'], rows)}\n`;
}

const introduction = `# Metrics and health

<!-- Made from src/metrics/catalogue.ts by npm run gen. -->

They are served at \`--metrics-address\` (\`:7979\`):

| Path | Answer |
| --- | --- |
| \`/metrics\` | the metrics below, and those of the process and of Node.js (\`process_*\`, \`nodejs_*\`), in the text form of Prometheus |
| \`/healthz\`, \`/livez\` | 200 while the process does its work; else 503 with the reasons, and it should be started anew |
| \`/readyz\` | 200 once the first synchronization is done, while the last one could reach what it needs and no deletions are held, and for a standby; else 503 with the reasons |

Some metrics that only grow are gauges, as in ExternalDNS v0.22, so that dashboards and alerts stay valid.`;
