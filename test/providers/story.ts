// What every provider must do with the API that it writes to, told once for all of them. A provider's own file says how its API is
// reached, what it can hold, and how its refusals look; the rest is the same story for each.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ProviderSpecificProperty } from '../../src/endpoint/endpoint.ts';
import { withoutWaiting } from '../support/no-waiting.ts';
import { alike, filling, record, type StoredRecord, type Wish } from './records.ts';
import { type Run, Stage } from './stage.ts';
import type { StoryApi } from './story-api.ts';

/** A provider as the story knows it. */
export interface StoryOf {
  /** As in --provider. */
  readonly provider: string;
  /** Of the API, where several are known. */
  readonly version?: string;
  /** Starts an API with these empty zones; one that knows no PTR records has example.org alone. */
  start(zones: readonly string[]): Promise<StoryApi>;
  /** Types that it can hold below the apex of a zone. */
  readonly types: readonly string[];
  /** Types that it can hold at the apex; none where the apex cannot be written. */
  readonly apexTypes: readonly string[];
  /** `left out`: the provider says so in the log, and makes nothing. */
  readonly wildcards: 'held' | 'left out' | 'refused';
  /** Properties by which the sets of a name are told apart; left out: it has no such thing. */
  readonly weights?: (weight: number) => readonly ProviderSpecificProperty[];
  /** Wishes with properties that only this provider knows, by what they are. */
  readonly properties?: Readonly<Record<string, Wish>>;
  /** A name has one address of each family only. */
  readonly oneAddress?: boolean;
  /** Nothing says whose a record is. */
  readonly withoutOwners?: boolean;
  /** TTLs are not kept. */
  readonly withoutTTL?: boolean;
  /** The type of a name cannot be changed in one run. */
  readonly typeChanges?: 'none';
  /** Calls that write 1,001 new names with their ownership, at most. */
  readonly writesFor1001: number;
  /** What it says of the one record that is refused; left out: nothing is ever refused. */
  readonly refused?: { readonly says: RegExp; /** An answer does not tell which record is bad: that is found out by the run after it. */ readonly found?: 'later' };
  /** Left out: nothing can go wrong on the way. `lockedOut`: what it says where the credentials are wrong. */
  readonly faults?: { readonly lockedOut: RegExp; /** It leaves it to its caller to try again. */ readonly retries?: false; /** A lost answer is told as a failure, though the change is made. */ readonly lostAnswers?: 'told' };
}

const valuesOf: Readonly<Record<string, readonly [before: readonly string[], after: readonly string[]]>> = {
  A: [['192.0.2.1', '192.0.2.2'], ['192.0.2.2', '192.0.2.3']],
  AAAA: [['2001:db8::1'], ['2001:db8::2', '2001:db8::3']],
  CNAME: [['lb.example.net'], ['other.example.net']],
  TXT: [['"hello world"'], ['"hello, you"', '"and \\"you\\""']],
  MX: [['10 mx1.example.net', '20 mx2.example.net'], ['10 mx1.example.net', '30 mx3.example.net']],
  SRV: [['10 5 5060 sip.example.net.'], ['10 5 5061 sip.example.net.', '20 5 5060 sip.example.net.']],
  NS: [['ns1.example.net', 'ns2.example.net'], ['ns3.example.net']],
  NAPTR: [['100 10 "U" "E2U+sip" "!^.*$!sip:info@example.org!" .'], ['100 20 "U" "E2U+sip" "!^.*$!sip:info@example.org!" .']],
  DNAME: [['here.example.net'], ['there.example.net']],
  PTR: [['host.example.org'], ['other.example.org']],
};

/** One name of each type, before and after a change. */
function wishesOf({ types, oneAddress }: StoryOf, side: 0 | 1, nameOf = (type: string): string => (type === 'PTR' ? '7.2.0.192.in-addr.arpa' : `of-${type.toLowerCase()}.example.org`)): Wish[] {
  return types.map((recordType) => {
    const all = valuesOf[recordType]?.[side] ?? [];
    return { dnsName: nameOf(recordType), recordType, targets: oneAddress && /^A+$/.test(recordType) ? all.slice(-1) : all, recordTTL: side === 0 ? 300 : 600 };
  });
}

/** Wishes that are spelled otherwise than APIs give them back. */
const spellings: readonly Wish[] = [
  { dnsName: 'CAPITALS.Example.org', recordType: 'A', targets: ['192.0.2.1'], recordTTL: 300 },
  { dnsName: 'bücher.example.org', recordType: 'A', targets: ['192.0.2.1'], recordTTL: 300 },
  { dnsName: 'xn--strae-oqa.example.org', recordType: 'A', targets: ['192.0.2.1'], recordTTL: 300 },
  { dnsName: 'dot.example.org.', recordType: 'A', targets: ['192.0.2.1'], recordTTL: 300 },
  { dnsName: '_under_score.example.org', recordType: 'A', targets: ['192.0.2.1'], recordTTL: 300 },
  { dnsName: 'without-ttl.example.org', recordType: 'A', targets: ['192.0.2.1'], recordTTL: 0 },
  { dnsName: 'unsorted.example.org', recordType: 'A', targets: ['192.0.2.3', '192.0.2.1', '192.0.2.2'], recordTTL: 300 },
  { dnsName: 'six.example.org', recordType: 'AAAA', targets: ['2001:DB8:0:0::1'], recordTTL: 300 },
  { dnsName: 'alias.example.org', recordType: 'CNAME', targets: ['LB.Example.NET.'], recordTTL: 300 },
  { dnsName: 'mail.example.org', recordType: 'MX', targets: ['10 MX1.Example.NET.', '10 mx2.example.net'], recordTTL: 300 },
  { dnsName: '_sip._tcp.example.org', recordType: 'SRV', targets: ['0 5 5060 SIP.Example.NET.'], recordTTL: 300 },
  { dnsName: 'for-others.example.org', recordType: 'A', targets: ['192.0.2.1'], recordTTL: 300, providerSpecific: [{ name: 'alias', value: 'false' }, { name: 'scw/geo-ip-default-ip', value: '192.0.2.1' }] },
  { dnsName: 'text.example.org', recordType: 'TXT', targets: ['"v=spf1 include:example.net ~all"', '"with \\"quotes\\" and \\\\"'], recordTTL: 300 },
  { dnsName: 'long.example.org', recordType: 'TXT', targets: [`"${'0123456789'.repeat(25)}" "${'0123456789'.repeat(10)}"`], recordTTL: 300 },
];

const wish = (name: string, ...targets: string[]): Wish => ({ dnsName: `${name}.example.org`, recordType: 'A', targets: targets.length ? targets : ['192.0.2.1'], recordTTL: 300 });
const many = (count: number, target = '192.0.2.1'): Wish[] => Array.from({ length: count }, (_, i) => wish(`n${i}`, target));
/** Tells the story of one provider. */
export function tell(story: StoryOf): void {
  const on = (title: string, scene: (stage: Stage) => Promise<void>): void => {
    it(title, () =>
      withoutWaiting(async () => {
        const stage = new Stage(story.provider, await story.start(['example.org', '2.0.192.in-addr.arpa']));
        try {
          await scene(stage);
        } finally {
          await stage.close();
        }
      }),
    );
  };
  /** The records of the API are these; without what the API itself and the registry put there. */
  const holds = (stage: Stage, ...wishes: readonly (Wish | StoredRecord)[]): void => {
    const options = { withoutTTL: story.withoutTTL ?? false };
    assert.deepEqual(alike(stage.api.records(), options), alike(wishes.map(record), options));
  };
  const isDone = (run: Run, applied: number): void => assert.deepEqual([run.reasons, run.applied, run.ok], [[], applied, true], [...run.reasons, ...run.log, `${run.applied} applied, ${applied} expected`].join('\n'));
  /** Nothing is left to be done, for the same process and for a new one. */
  const rests = async (stage: Stage): Promise<void> => {
    const before = JSON.stringify(stage.api.records());
    isDone(await stage.sweep(), 0);
    isDone(await stage.once(), 0);
    assert.equal(JSON.stringify(stage.api.records()), before);
  };

  describe(`the story of ${[story.provider, story.version].filter(Boolean).join(' ')}`, () => {
    on('makes, changes and removes a record of every type, and comes to rest each time', async (stage) => {
      const foreign = story.withoutOwners ? [] : filling(1);
      stage.api.fill(foreign.length);
      for (const side of [0, 1] as const) {
        const wishes = wishesOf(story, side);
        stage.wants(...wishes);
        isDone(await stage.once(), wishes.length);
        holds(stage, ...foreign, ...wishes);
        await rests(stage);
      }
      stage.wants();
      isDone(await stage.once(), story.types.length);
      holds(stage, ...foreign);
      await rests(stage);
    });

    on('comes to rest however a wish is spelled, and with properties', async (stage) => {
      const special = Object.values(story.properties ?? {}).map((w, i) => ({ ...w, dnsName: `special${i}.example.org` }));
      const wishes = [...spellings.filter((s) => story.types.includes(s.recordType)), ...special];
      stage.wants(...wishes);
      isDone(await stage.once(), wishes.length);
      await rests(stage);
      stage.wants();
      isDone(await stage.once(), wishes.length);
      holds(stage);
    });

    on('writes the apex of a zone', async (stage) => {
      const wishes = wishesOf({ ...story, types: story.apexTypes }, 0, () => 'example.org');
      if (wishes.length === 0) {
        stage.wants({ ...wish('x'), dnsName: 'example.org' });
        assert.match((await stage.once()).reasons.join(), /example\.org/);
        return holds(stage);
      }
      stage.wants(...wishes);
      isDone(await stage.once(), 1);
      holds(stage, ...wishes);
      await rests(stage);
      stage.wants();
      isDone(await stage.once(), 1);
      holds(stage);
    });

    on(`wildcards are ${story.wildcards}`, async (stage) => {
      stage.wants(wish('*'), wish('web'));
      const run = await stage.once();
      if (story.wildcards === 'held') {
        isDone(run, 2);
        holds(stage, wish('*'), wish('web'));
        return rests(stage);
      }
      const told = story.wildcards === 'refused' ? run.errors : run.warnings;
      assert.ok(told.some((line) => line.includes('*.example.org')), told.join());
      assert.equal(run.ok, story.wildcards !== 'refused');
      holds(stage, wish('web'));
    });

    on(story.weights ? 'holds several sets of a name by their weights' : 'passes over set identifiers, and makes one record', async (stage) => {
      const set = (setIdentifier: string, target: string, weight: number): Wish => ({ ...wish('web', target), setIdentifier, ...(story.weights && { providerSpecific: story.weights(weight) }) });
      const { weights } = story;
      if (!weights) {
        stage.wants(set('blue', '192.0.2.1', 0));
        isDone(await stage.once(), 1);
        holds(stage, wish('web', '192.0.2.1'));
        return rests(stage);
      }
      for (const sets of [[set('blue', '192.0.2.1', 10), set('green', '192.0.2.2', 20)], [set('blue', '192.0.2.1', 90), set('red', '192.0.2.3', 20)]]) {
        stage.wants(...sets);
        assert.equal((await stage.once()).ok, true);
        holds(stage, ...sets);
        await rests(stage);
      }
      stage.wants();
      assert.equal((await stage.once()).ok, true);
      holds(stage);
    });

    if (story.typeChanges !== 'none')
      on('changes an address into an alias and back', async (stage) => {
        const alias: Wish = { ...wish('web', 'lb.example.net'), recordType: 'CNAME' };
        for (const wanted of [wish('web'), alias, wish('web')]) {
          stage.wants(wanted);
          isDone(await stage.once(), 1);
          holds(stage, wanted);
          await rests(stage);
        }
      });

    on('makes 1,001 records, and keeps all but the one that goes', async (stage) => {
      stage.wants(...many(1001));
      isDone(await stage.once(), 1001);
      holds(stage, ...many(1001));
      const { writes } = stage.taken();
      assert.ok(writes <= story.writesFor1001, `${writes} calls that write`);
      isDone(await stage.once(), 0);
      assert.equal(stage.taken().writes, 0);
      stage.wants(...many(1000));
      isDone(await stage.once(), 1);
      holds(stage, ...many(1000));
    });

    const { refused, faults } = story;
    if (refused) tellOfRefusal(refused);
    if (faults) tellOfFaults(faults);

    on('a change in the cluster is published by itself', async (stage) => {
      stage.wants(...many(3));
      await stage.sweep();
      await stage.passes(60);
      stage.wants(...many(4));
      isDone(await stage.event(), 1);
      await stage.passes(60);
      stage.wants(...many(4, '192.0.2.9'));
      isDone(await stage.event(), 4);
      holds(stage, ...many(4, '192.0.2.9'));
      await rests(stage);
    });

    function tellOfRefusal({ says, found }: NonNullable<StoryOf['refused']>): void {
      on('leaves out the one bad record among good ones, and says which and why', async (stage) => {
        const run = found === 'later' ? () => stage.sweep() : () => stage.once();
        stage.api.refuse('n7.example.org');
        stage.wants(...many(20));
        // what fails in the same way as before is not told again
        const before: string[] = [];
        if (found === 'later') {
          const { failed, log } = await run();
          assert.equal(failed, 20);
          before.push(...log.filter((l) => l.includes('n7.example.org')));
          await stage.passes(60);
        }
        const first = await run();
        assert.deepEqual([first.ok, first.applied, first.failed], [false, 19, 1]);
        const [line = '', ...more] = [...first.errors, ...before].filter((l) => l.includes('record cannot be changed'));
        if (before.length === 0) assert.deepEqual(more, []);
        assert.match(line, /"name":"n7\.example\.org"/);
        assert.match(line, says);
        assert.ok(!line.includes('\n'));
        holds(stage, ...many(20).filter((w) => w.dnsName !== 'n7.example.org'));
        // it is tried again, and nothing else is
        await stage.passes(3600);
        const again = await run();
        assert.deepEqual([again.applied, again.failed], [0, 1]);
        stage.api.refuse(undefined);
        isDone(await stage.once(), 1);
        holds(stage, ...many(20));
      });
    }

    function tellOfFaults({ lockedOut, retries: tries, lostAnswers }: NonNullable<StoryOf['faults']>): void {
      const retries = tries ?? true;
      on(retries ? 'waits out throttling, and ends the run where that does not end' : 'ends the run where it is throttled', async (stage) => {
        stage.wants(...many(3));
        await stage.once();
        stage.wants(...many(3, '192.0.2.9'));
        stage.faults.throttle(1);
        const short = await stage.once();
        assert.equal(short.ok, retries);
        if (retries) holds(stage, ...many(3, '192.0.2.9'));
        stage.wants(...many(3, '192.0.2.8'));
        stage.faults.throttle(Number.POSITIVE_INFINITY);
        stage.taken();
        const long = await stage.once();
        assert.equal(long.ok, false);
        assert.notEqual(long.reasons.join(), '');
        assert.ok(stage.taken().all < 40, 'it goes on asking');
        stage.faults.mend();
        isDone(await stage.once(), 3);
        holds(stage, ...many(3, '192.0.2.8'));
        await rests(stage);
      });

      on('lives on while it is throttled, and goes on by itself', async (stage) => {
        stage.wants(...many(3));
        assert.equal((await stage.sweep()).ok, true);
        stage.wants(...many(3, '192.0.2.9'));
        stage.faults.throttle(Number.POSITIVE_INFINITY);
        stage.taken();
        for (let i = 0; i < 3; i++) {
          assert.equal((await stage.sweep()).ok, false);
          await stage.passes(60);
        }
        assert.ok(stage.taken().all < 40, 'it goes on asking');
        holds(stage, ...many(3));
        stage.faults.mend();
        await stage.passes(3600);
        isDone(await stage.sweep(), 3);
        holds(stage, ...many(3, '192.0.2.9'));
      });

      on('says that the credentials are wrong, without them, and changes nothing', async (stage) => {
        stage.wants(wish('web'));
        await stage.once();
        stage.wants(wish('web', '192.0.2.9'));
        stage.faults.lockOut();
        const run = await stage.once();
        assert.equal(run.ok, false);
        assert.match(run.reasons.join(), lockedOut);
        for (const line of [...run.reasons, ...run.log]) assert.ok(!line.includes(stage.api.secret), `the secret stands in: ${line}`);
        stage.faults.mend();
        holds(stage, wish('web'));
        isDone(await stage.once(), 1);
        holds(stage, wish('web', '192.0.2.9'));
      });

      for (const [what, wishes] of [
        ['creation', [many(3)]],
        ['change', [many(3), many(3, '192.0.2.9')]],
        ['deletion', [many(3), []]],
      ] as const)
        on(`ends as it should where the connection is cut after a ${what}`, async (stage) => {
          const last = wishes.at(-1) ?? [];
          for (const before of wishes.slice(0, -1)) {
            stage.wants(...before);
            await stage.once();
          }
          stage.wants(...last);
          stage.faults.cutAfterWrite();
          const run = await stage.once();
          assert.deepEqual([run.ok, run.failed], lostAnswers === 'told' ? [false, 3] : [true, 0]);
          assert.equal((await stage.once()).ok, true);
          holds(stage, ...last);
          await rests(stage);
        });
    }
  });
}
