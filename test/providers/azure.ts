import { startAzure } from './azure-api.ts';
import { tell } from './story.ts';

tell({
  provider: 'azure',
  start: () => startAzure('dnsZones'),
  types: ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'NS'],
  apexTypes: ['A', 'AAAA', 'TXT', 'MX'],
  wildcards: 'held',
  writesFor1001: 2002,
  refused: { says: /RequestDisallowedByPolicy: Resource 'n7' was disallowed by policy/ },
  faults: { lockedOut: /check the credentials and the cloud in azure\.json/ },
});
