// How many calls of each API the whole program makes with a zone of 20,000 record sets: the figures of docs/providers.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withoutWaiting } from '../support/no-waiting.ts';
import { awsSd } from './aws-sd.ts';
import { aws } from './aws.ts';
import { azurePrivateDns } from './azure-private-dns.ts';
import { azure } from './azure.ts';
import { cloudflare } from './cloudflare.ts';
import { coredns } from './coredns.ts';
import { google } from './google.ts';
import { pdns } from './pdns.ts';
import { pihole6 } from './pihole.ts';
import { rfc2136 } from './rfc2136.ts';
import { Stage } from './stage.ts';
import type { StoryOf } from './story.ts';
import { webhook } from './webhook.ts';

interface Calls {
  /** The first reading of everything. */
  readonly reading: number;
  /** A sweep that finds nothing new. */
  readonly sweep: number;
  /** A new name, with its ownership. */
  readonly create: number;
  /** Another target of it, a minute later. */
  readonly update: number;
  /** And once more, right after a sweep. */
  readonly updateAtOnce: number;
}

interface Case {
  readonly story: StoryOf;
  readonly flags?: readonly string[];
  /** By default 20,000. */
  readonly records?: number;
  readonly want: Calls;
}

async function measure({ story, flags = [], records = 20_000 }: Case): Promise<Calls> {
  const api = await story.start(['example.org']);
  const stage = new Stage(story.provider, { ...api, flags: [...api.flags, ...flags] }, ['A', 'AAAA', 'CNAME']);
  const target = (address: string): void => stage.wants({ dnsName: 'new.example.org', recordType: 'A', targets: [address], recordTTL: 300 });
  const calls = async (run: 'sweep' | 'event', applied: number): Promise<number> => {
    stage.taken();
    const result = await stage[run]();
    assert.deepEqual([result.reasons, result.applied], [[], applied]);
    return stage.taken().all;
  };
  try {
    api.fill(records);
    const reading = await calls('sweep', 0);
    await stage.passes(60);
    const sweep = await calls('sweep', 0);
    await stage.passes(60);
    target('192.0.2.1');
    const create = await calls('event', 1);
    await stage.passes(60);
    target('192.0.2.2');
    const update = await calls('event', 1);
    await stage.passes(60);
    await stage.sweep();
    target('192.0.2.3');
    const updateAtOnce = await calls('event', 1);
    return { reading, sweep, create, update, updateAtOnce };
  } finally {
    await stage.close();
  }
}

const cases: readonly Case[] = [
  { story: aws, want: { reading: 68, sweep: 68, create: 5, update: 5, updateAtOnce: 1 } },
  // each name takes a call to be read
  { story: awsSd, records: 500, want: { reading: 506, sweep: 506, create: 7, update: 10, updateAtOnce: 3 } },
  { story: azure, want: { reading: 201, sweep: 201, create: 26, update: 26, updateAtOnce: 2 } },
  { story: azurePrivateDns, want: { reading: 201, sweep: 201, create: 22, update: 22, updateAtOnce: 2 } },
  { story: cloudflare, want: { reading: 22, sweep: 21, create: 2, update: 2, updateAtOnce: 1 } },
  { story: cloudflare, flags: ['--cloudflare-dns-records-per-page=5000'], want: { reading: 5, sweep: 5, create: 2, update: 2, updateAtOnce: 1 } },
  { story: coredns, want: { reading: 4, sweep: 1, create: 9, update: 9, updateAtOnce: 1 } },
  { story: google, want: { reading: 22, sweep: 22, create: 5, update: 5, updateAtOnce: 1 } },
  { story: pdns, want: { reading: 2, sweep: 1, create: 5, update: 5, updateAtOnce: 1 } },
  // without ownership all that is there would be deleted; one call opens the session
  { story: pihole6, flags: ['--policy=upsert-only'], want: { reading: 3, sweep: 2, create: 3, update: 4, updateAtOnce: 2 } },
  { story: rfc2136, want: { reading: 1, sweep: 1, create: 2, update: 2, updateAtOnce: 1 } },
  // the negotiation at the start; wishes are sent for their normal form before each change
  { story: webhook, want: { reading: 2, sweep: 1, create: 3, update: 3, updateAtOnce: 2 } },
];

describe('calls', () => {
  for (const one of cases)
    it([one.story.provider, `with ${one.records ?? 20_000} record sets`, ...(one.flags ?? [])].join(' '), () => withoutWaiting(async () => assert.deepEqual(await measure(one), one.want)));
});
