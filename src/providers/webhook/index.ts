import { recordTypes } from '../../endpoint/endpoint.ts';
import type { Provider, ProviderDefinition } from '../provider.ts';
import { Sender } from '../engine/sender.ts';
import { restore, withPlainAliases } from './adjust.ts';
import { sendChanges } from './apply.ts';
import { WebhookClient } from './client.ts';

/** A provider in a process of its own, usually a container in the same pod, behind the webhook protocol. */
export const webhook: ProviderDefinition = {
  name: 'webhook',
  title: 'Webhook',
  credentials: [],
  flags: ['webhook-provider-url', 'webhook-provider-read-timeout', 'webhook-provider-write-timeout', 'webhook-provider-max-body-size'],
  recordTypes,
  async create(setup): Promise<Provider> {
    const client = new WebhookClient(setup);
    const domainFilter = await client.negotiate(setup.signal);
    const sender = new Sender({ send: (groups) => sendChanges(client, groups), mayWrite: setup.mayWrite });
    return {
      name: 'webhook',
      domainFilter,
      async snapshot(signal, since, known) {
        return { ...(await client.records(since, signal, known)), unreadable: [] };
      },
      async adjust(endpoints, signal) {
        return endpoints.length === 0 ? [] : withPlainAliases(restore(endpoints, await client.adjust(endpoints, signal)));
      },
      apply: (groups, signal) => sender.send(groups, signal),
      close: () => client.close(),
    };
  },
};
