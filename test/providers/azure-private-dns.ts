import { startAzure } from './azure-api.ts';
import type { StoryOf } from './story.ts';

export const azurePrivateDns: StoryOf = {
  provider: 'azure-private-dns',
  start: () => startAzure('privateDnsZones'),
  types: ['A', 'AAAA', 'CNAME', 'TXT', 'MX'],
  apexTypes: ['A', 'AAAA', 'TXT', 'MX'],
  wildcards: 'held',
  writesFor1001: 2002,
  refused: { says: /RequestDisallowedByPolicy: Resource 'n7' was disallowed by policy/ },
  faults: { lockedOut: /check the credentials and the cloud in azure\.json/ },
};
