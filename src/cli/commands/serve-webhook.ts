import { setMaxListeners } from 'node:events';
import type { Config } from '../../config/config.ts';
import { createDomainFilter } from '../../endpoint/domain-filter.ts';
import { serveHealth } from '../../http/health.ts';
import type { Logger } from '../../log/logger.ts';
import { createMetrics } from '../../metrics/create-metrics.ts';
import { createProvider } from '../../providers/index.ts';
import { serveWebhook } from '../../providers/webhook/server.ts';

/** --webhook-server: serves the provider by the webhook protocol until `stop`, with metrics and health beside it. */
export async function runWebhookServer(options: Config, env: NodeJS.ProcessEnv, log: Logger, stop: AbortSignal): Promise<number> {
  setMaxListeners(0, stop);
  const metrics = createMetrics();
  const domainFilter = await createDomainFilter({
    include: options.domainFilter,
    exclude: options.excludeDomains,
    regexInclude: options.regexDomainFilter,
    regexExclude: options.regexDomainExclusion,
  });
  const fine = (): { ok: boolean; reasons: readonly string[] } => ({ ok: true, reasons: [] });
  const health = await serveHealth({ address: options.metricsAddress, metrics, alive: fine, ready: fine, log });
  try {
    const provider = await createProvider({ options, env, domainFilter, log, metrics, signal: stop });
    await serveWebhook(provider, options, log, stop);
    await provider.close?.();
    return 0;
  } finally {
    await health.close();
  }
}
