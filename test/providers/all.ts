import { awsSd } from './aws-sd.ts';
import { aws } from './aws.ts';
import { azurePrivateDns } from './azure-private-dns.ts';
import { azure } from './azure.ts';
import { cloudflare } from './cloudflare.ts';
import { coredns } from './coredns.ts';
import { google } from './google.ts';
import { inmemory } from './inmemory.ts';
import { pdns } from './pdns.ts';
import { pihole5, pihole6 } from './pihole.ts';
import { rfc2136 } from './rfc2136.ts';
import type { StoryOf } from './story.ts';
import { webhook } from './webhook.ts';

/** All that the story is told of. */
export const all: readonly StoryOf[] = [aws, awsSd, azure, azurePrivateDns, cloudflare, coredns, google, inmemory, pdns, pihole5, pihole6, rfc2136, webhook];
