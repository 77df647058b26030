import { startAzure } from './azure-api.ts';
import { special } from './records.ts';
import type { StoryOf } from './story.ts';

export const azure: StoryOf = {
  provider: 'azure',
  start: () => startAzure('dnsZones'),
  types: ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'NS'],
  apexTypes: ['A', 'AAAA', 'TXT', 'MX'],
  properties: { tags: special('A', '192.0.2.1', { 'azure/tags': 'team=web, env = prod,none,=x' }) },
  wildcards: 'held',
  writesFor1001: 2002,
  refused: { says: /RequestDisallowedByPolicy: Resource 'n7' was disallowed by policy/ },
  faults: { lockedOut: /check the credentials and the cloud in azure\.json/ },
};
