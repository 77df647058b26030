import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { ConfigurationError, SoftError } from '../../errors.ts';
import { AwsRefusal } from '../../http/aws/errors.ts';
import { silentLogger } from '../../log/logger.ts';
import { noMetrics } from '../../metrics/metrics.ts';
import { type HostedZone, Route53Client } from './client.ts';

const never = new AbortController().signal;
const zone: HostedZone = { id: 'Z1', name: 'example.org', private: false, recordCount: 2 };
const changes = [{ action: 'CREATE', set: { name: 'web.example.org', type: 'A', values: ['192.0.2.1'], ttlSeconds: 300 } }] as const;
const failed = (code: string): string => `<?xml version="1.0"?><ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error><Code>${code}</Code><Message>said &lt;so&gt;</Message></Error></ErrorResponse>`;

type Answer = readonly [status: number, body: string] | 'cut';

describe('the client of Route 53', () => {
  let answers: Answer[] = [];
  const asked: { line: string; authorization: string }[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    asked.push({ line: `${request.method} ${request.url}`, authorization: request.headers.authorization ?? '' });
    request.resume().on('end', () => {
      const answer = answers.shift() ?? [500, failed('InternalFailure')];
      if (answer === 'cut') return request.socket.destroy();
      response.writeHead(answer[0], { 'content-type': 'text/xml' }).end(answer[1]);
    });
  });
  const options = () => ({ region: '', tries: 2, firstWaitMs: 1, rateLimit: { perSecond: 1000 }, env: { AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, metrics: noMetrics, log: silentLogger });
  let client: Route53Client;
  let forgotten = 0;
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const credentials = { get: async () => ({ accessKeyId: `AKID${forgotten}`, secretAccessKey: 's' }), forget: () => void forgotten++ };
    client = new Route53Client({ ...options(), credentials });
  });
  after(async () => {
    await client.close();
    server.closeAllConnections();
    server.close();
  });
  const given = (...list: readonly Answer[]): void => {
    answers = [...list];
    asked.length = 0;
  };
  const done: Answer = [200, '<ChangeResourceRecordSetsResponse><ChangeInfo/></ChangeResourceRecordSetsResponse>'];

  it('goes on at the name, type and identifier that a page ends with', async () => {
    given(
      [200, '<ListResourceRecordSetsResponse><ResourceRecordSets/><IsTruncated>true</IsTruncated><NextRecordName>\\052.example.org.</NextRecordName><NextRecordType>A</NextRecordType><NextRecordIdentifier>b &amp; c</NextRecordIdentifier></ListResourceRecordSetsResponse>'],
      [200, '<ListResourceRecordSetsResponse><ResourceRecordSets/><IsTruncated>false</IsTruncated></ListResourceRecordSetsResponse>'],
    );
    const { next } = await client.recordSets(zone, undefined, 300, never);
    assert.deepEqual(next, { name: '\\052.example.org.', type: 'A', identifier: 'b & c' });
    assert.equal((await client.recordSets(zone, next, 300, never)).next, undefined);
    assert.deepEqual(asked.map((a) => a.line), ['GET /2013-04-01/hostedzone/Z1/rrset?maxitems=300', 'GET /2013-04-01/hostedzone/Z1/rrset?maxitems=300&name=%5C052.example.org.&type=A&identifier=b%20%26%20c']);
  });

  it('reads all pages of zones', async () => {
    const page = (id: string, more: string): Answer => [200, `<ListHostedZonesResponse><HostedZones><HostedZone><Id>/hostedzone/${id}</Id><Name>example.org.</Name><Config><PrivateZone>true</PrivateZone></Config><ResourceRecordSetCount>7</ResourceRecordSetCount></HostedZone></HostedZones>${more}</ListHostedZonesResponse>`];
    given(page('Z1', '<IsTruncated>true</IsTruncated><NextMarker>Z2</NextMarker>'), page('Z2', '<IsTruncated>false</IsTruncated>'));
    assert.deepEqual(await client.hostedZones(never), [{ id: 'Z1', name: 'example.org', private: true, recordCount: 7 }, { id: 'Z2', name: 'example.org', private: true, recordCount: 7 }]);
  });

  it('asks for the tags of ten zones at a time', async () => {
    const tags: Answer = [200, '<ListTagsForResourcesResponse><ResourceTagSets><ResourceTagSet><ResourceId>Z1</ResourceId><Tags><Tag><Key>team</Key><Value>web</Value></Tag></Tags></ResourceTagSet></ResourceTagSets></ListTagsForResourcesResponse>'];
    given(tags, tags, tags);
    const found = await client.tagsOfZones(Array.from({ length: 25 }, (_, i) => `Z${i}`), never);
    assert.deepEqual([found.get('Z1')?.get('team'), asked.length], ['web', 3]);
  });

  const refusals: readonly { title: string; answers: readonly Answer[]; kind: new (...a: never[]) => Error; message: RegExp; calls: number }[] = [
    { title: 'a refusal says why', answers: [[400, failed('InvalidChangeBatch')]], kind: AwsRefusal, message: /zone example\.org \(Z1\): InvalidChangeBatch: said <so>/, calls: 1 },
    { title: 'a missing permission names the action', answers: [[403, failed('AccessDenied')]], kind: ConfigurationError, message: /allow the action route53:ChangeResourceRecordSets/, calls: 1 },
    { title: 'a refusal after a lost answer may be due to the lost try', answers: ['cut', [400, failed('InvalidChangeBatch')]], kind: SoftError, message: /an earlier try/, calls: 2 },
    { title: 'what is throttled for long is given up', answers: [[400, failed('Throttling')], [400, failed('Throttling')]], kind: SoftError, message: /Throttling/, calls: 2 },
  ];
  for (const { title, answers: list, kind, message, calls } of refusals)
    it(title, async () => {
      given(...list);
      await assert.rejects(client.change(zone, changes, never), (e) => e instanceof kind && message.test(e.message));
      assert.equal(asked.length, calls);
    });

  const passing: readonly { title: string; answers: readonly Answer[] }[] = [
    { title: 'a lost answer', answers: ['cut', done] },
    { title: 'an error of the service', answers: [[500, failed('InternalFailure')], done] },
    { title: 'too many calls', answers: [[400, failed('Throttling')], done] },
    { title: 'a request before that is not complete', answers: [[400, failed('PriorRequestNotComplete')], done] },
  ];
  for (const { title, answers: list } of passing)
    it(`changes are tried again after ${title}`, async () => {
      given(...list);
      await client.change(zone, changes, never);
      assert.equal(asked.length, 2);
    });

  for (const code of ['ExpiredToken', 'InvalidClientTokenId', 'SignatureDoesNotMatch'])
    it(`credentials are fetched anew after ${code}`, async () => {
      given([403, failed(code)], done);
      const before = forgotten;
      await client.change(zone, changes, never);
      assert.deepEqual(asked.map((a) => /Credential=(AKID\d)/.exec(a.authorization)?.[1]), [`AKID${before}`, `AKID${before + 1}`]);
    });

  it('credentials that are the same again are not tried again', async () => {
    const same = new Route53Client({ ...options(), credentials: { get: async () => ({ accessKeyId: 'AKID', secretAccessKey: 's' }), forget: () => {} } });
    given([403, failed('InvalidClientTokenId')]);
    await assert.rejects(same.change(zone, changes, never), (e) => e instanceof ConfigurationError && /check the credentials/.test(e.message));
    assert.equal(asked.length, 1);
    await same.close();
  });
});
