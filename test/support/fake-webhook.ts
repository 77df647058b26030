import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WireChanges, wireKey, type WireRecord, type WireStyle, wireSteps } from './wire-steps.ts';

/** What is to go wrong at a call: nothing, an answer, no answer, an end of the connection before or after the work, or a part of the work (half, or a share) and an end. */
export type WebhookFault = undefined | { readonly status: number; readonly text?: string; readonly headers?: Record<string, string> } | 'hang' | 'cut' | 'cut-after' | 'half' | { readonly share: number };

const media = 'application/external.dns.webhook+json;version=1';

/** A provider behind the webhook protocol that keeps its records from one process to the next, and can go wrong. */
export class FakeWebhook {
  readonly records = new Map<string, WireRecord>();
  readonly calls: string[] = [];
  /** Every step that was done, in order: `create web.example.org|A|`, and after an exclamation mark why it should not have been. */
  readonly applied: string[] = [];
  /** Names whose changes are refused. */
  readonly refused = new Set<string>();
  fault: (method: string, path: string) => WebhookFault = () => undefined;
  /** What it makes of a record that it is given. */
  keeps: (record: WireRecord) => WireRecord = (record) => record;
  /** How it goes about the changes of a body. */
  style: WireStyle = 'removals-first';
  /** What a call waits for before anything is done. */
  delay: (method: string, path: string) => Promise<void> = async () => {};
  /** Called in the middle of a batch, when a part of it is done. */
  onHalf: () => void = () => {};
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<FakeWebhook> {
    const server = createServer();
    const webhook = new FakeWebhook(server);
    server.on('request', (request, response) => {
      void readAll(request).then(async (text) => {
        const { method = '', url: path = '' } = request;
        webhook.calls.push(`${method} ${path}`);
        await webhook.delay(method, path);
        const fault = webhook.fault(method, path);
        const send = (status: number, body?: unknown): void => void response.writeHead(status, { 'content-type': media }).end(body === undefined ? undefined : JSON.stringify(body));
        if (fault === 'hang') return;
        if (fault === 'cut') return void response.destroy();
        if (typeof fault === 'object' && 'status' in fault) return void response.writeHead(fault.status, { 'content-type': media, ...fault.headers }).end(fault.text);
        if (method === 'GET' && path === '/') return send(200, {});
        if (method === 'GET' && path === '/records') return send(200, [...webhook.records.values()]);
        if (path === '/adjustendpoints') return void response.writeHead(200, { 'content-type': media }).end(text);
        const changes = JSON.parse(text) as WireChanges;
        const all = [...(changes.create ?? []), ...(changes.updateNew ?? []), ...(changes.delete ?? [])];
        if (all.some((r) => webhook.refused.has(r.dnsName))) return send(400);
        // strict, as most APIs are: what stands there cannot be created
        const going = new Set([...(changes.delete ?? []), ...(changes.updateOld ?? [])].map(wireKey));
        if (changes.create?.some((r) => webhook.records.has(wireKey(r)) && !going.has(wireKey(r)))) return send(409);
        const share = typeof fault === 'object' ? fault.share : fault === 'half' ? 0.5 : 1;
        webhook.#apply(changes, share);
        if (share < 1) webhook.onHalf();
        if (share < 1 || fault === 'cut-after') return void response.destroy();
        send(204);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return webhook;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  put(...records: WireRecord[]): void {
    for (const record of records) this.records.set(wireKey(record), record);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #apply(changes: WireChanges, share: number): void {
    const steps = wireSteps(changes, this.style);
    for (const { action, remove, store } of steps.slice(0, Math.ceil(share * steps.length))) {
      if (remove) this.#note(action, remove, this.records.delete(wireKey(remove)) ? '' : action === 'delete' ? 'it is gone already' : 'it is not there');
      if (store && action === 'create') this.#note(action, store, this.records.has(wireKey(store)) ? 'it is there already' : '');
      if (store) this.#store(store);
    }
  }

  #store({ labels: _labels, ...record }: WireRecord): void {
    this.records.set(wireKey(record as WireRecord), this.keeps(record as WireRecord));
  }

  #note(action: string, record: WireRecord, wrong: string): void {
    this.applied.push(`${action} ${wireKey(record)}${wrong && ` ! ${wrong}`}`);
  }
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
