import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ConfigurationError, SoftError } from '../../errors.ts';
import { silentLogger } from '../../log/logger.ts';
import { noMetrics } from '../../metrics/metrics.ts';
import { CloudMapClient, type Namespace, type Service } from './client.ts';

const never = new AbortController().signal;
const namespace: Namespace = { Id: 'ns-1', Name: 'example.org', Type: 'DNS_PUBLIC' };
const service: Service = { Id: 'srv-1', Name: 'web' };

interface Call {
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
}

describe('client of Cloud Map', () => {
  let server: Server;
  let client: CloudMapClient;
  let calls: Call[];
  let answer: (call: Call) => { readonly status?: number; readonly body: unknown };

  before(async () => {
    server = createServer(async (request, response) => {
      let text = '';
      for await (const part of request) text += String(part);
      const call = { operation: String(request.headers['x-amz-target']).replace('Route53AutoNaming_v20170314.', ''), body: JSON.parse(text) as Call['body'] };
      calls.push(call);
      const { status = 200, body } = answer(call);
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    client = new CloudMapClient({
      region: 'eu-central-1',
      tries: 2,
      firstWaitMs: 1,
      credentials: { get: async () => ({ accessKeyId: 'AKID', secretAccessKey: 'secret' }), forget: () => {} },
      env: { AWS_ENDPOINT_URL_SERVICEDISCOVERY: `http://127.0.0.1:${port}` },
      metrics: noMetrics,
      log: silentLogger,
    });
  });
  beforeEach(() => (calls = []));
  after(async () => {
    await client.close();
    server.close();
  });

  it('reads all instances of a service, page by page', async () => {
    const all = Array.from({ length: 250 }, (_, i) => ({ Id: `i-${i}`, Attributes: {} }));
    answer = ({ body }) => {
      const start = Number(body['NextToken'] ?? 0);
      const end = start + Number(body['MaxResults']);
      return { body: { Instances: all.slice(start, end), ...(end < all.length && { NextToken: String(end) }) } };
    };
    assert.equal((await client.instances(service, never)).length, 250);
    assert.deepEqual(calls.map((c) => c.operation), ['ListInstances', 'ListInstances', 'ListInstances']);
  });

  it('asks for the services of one namespace, and for namespaces of one type', async () => {
    answer = () => ({ body: {} });
    await client.services(namespace, never);
    await client.namespaces('DNS_PRIVATE', never);
    await client.namespaces(undefined, never);
    assert.deepEqual(calls.map((c) => c.body['Filters']), [[{ Name: 'NAMESPACE_ID', Values: ['ns-1'] }], [{ Name: 'TYPE', Values: ['DNS_PRIVATE'] }], undefined]);
  });

  it('takes an instance that is gone for deregistered', async () => {
    answer = () => ({ status: 400, body: { __type: 'InstanceNotFound', Message: 'gone' } });
    await client.deregisterInstance(service, 'i-1', never);
  });

  const failures: readonly [title: string, code: string, status: number, check: (error: Error) => boolean, calls: number][] = [
    ['throttling is tried again', 'RequestLimitExceeded', 400, (e) => e instanceof SoftError, 2],
    ['an operation under way may pass', 'DuplicateRequest', 400, (e) => e instanceof SoftError, 1],
    ['a missing permission is named', 'AccessDeniedException', 400, (e) => e instanceof ConfigurationError && e.message.includes('servicediscovery:RegisterInstance'), 1],
    ['a refusal names the object', 'InvalidInput', 400, (e) => !(e instanceof SoftError) && e.message.includes('instance i-1 of service web'), 1],
  ];
  for (const [title, code, status, check, count] of failures)
    it(title, async () => {
      answer = () => ({ status, body: { __type: code, Message: 'no' } });
      await assert.rejects(client.registerInstance(service, { Id: 'i-1', Attributes: {} }, never), check);
      assert.equal(calls.length, count);
    });
});
