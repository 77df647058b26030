import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AzureRecordSet, AzureZone } from '../../src/providers/azure/client.ts';
import { azureFailure, dataOf, FakeAzureDns, startAzureDns } from '../support/fake-azure-dns.ts';
import { filling, type StoredRecord } from './records.ts';
import { overHttp, type StoryApi } from './story-api.ts';

/** Azure with zones of one of its two kinds, which differ in their paths and the spelling of their fields. */
export async function startAzure(kind: 'dnsZones' | 'privateDnsZones'): Promise<StoryApi> {
  const zone: AzureZone = { id: `/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/${kind}/example.org`, name: 'example.org', recordSets: 0 };
  const fake = new FakeAzureDns([zone]);
  const server = await startAzureDns(fake, `Microsoft.Network/${kind}`);
  const dir = mkdtempSync(path.join(tmpdir(), 'azure-'));
  const file = path.join(dir, 'azure.json');
  const isPrivate = kind === 'privateDnsZones';
  writeFileSync(file, JSON.stringify({ cloud: 'AzureStackCloud', activeDirectoryAuthorityHost: server.url, resourceManagerEndpoint: server.url, tenantId: 't', subscriptionId: 's', resourceGroup: 'g', aadClientId: 'id', aadClientSecret: 'geheim-secret' }));
  const recordOf = ({ name, type, properties }: AzureRecordSet): StoredRecord => ({
    name: name === '@' ? 'example.org' : `${name}.example.org`,
    type,
    ttlSeconds: Number(properties[isPrivate ? 'ttl' : 'TTL']),
    targets: dataOf(type, properties).map((item) => Object.values(item).map((value) => (Array.isArray(value) ? value.join('') : String(value))).join(' ')),
  });
  const filled = ({ name, type, targets, ttlSeconds }: StoredRecord): AzureRecordSet => ({
    name: name.replace('.example.org', ''),
    type,
    etag: 'v1',
    properties: { [isPrivate ? 'ttl' : 'TTL']: ttlSeconds, [isPrivate ? 'aRecords' : 'ARecords']: targets.map((ipv4Address) => ({ ipv4Address })) },
  });
  return {
    flags: [`--azure-config-file=${file}`, '--txt-wildcard-replacement=any'],
    env: {},
    secret: 'geheim',
    records: () => fake.all(zone).map(recordOf),
    fill: (count) => fake.fill(zone, ...filling(count).map(filled)),
    refuse: (name) => void (fake.refused = name?.replace('.example.org', '')),
    ...overHttp(server, {
      throttled: azureFailure(429, 'TooManyRequests', 'The request is being throttled.', { 'retry-after': '1' }),
      signsIn: (call) => call.path.startsWith('/t/'),
      lockedOut: () => azureFailure(401, 'InvalidAuthenticationToken', 'The access token is invalid.'),
      writes: (call) => call.method === 'PUT' || call.method === 'DELETE',
    }),
    async close() {
      await server.close();
      rmSync(dir, { recursive: true });
    },
  };
}
