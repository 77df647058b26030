import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { ChangeGroup } from '../../endpoint/change.ts';
import { makeEndpoint } from '../../endpoint/build.ts';
import { type Sent, Sender } from './sender.ts';

const never = new AbortController().signal;
const group = (name: string): ChangeGroup => ({ name, setIdentifier: '', changes: [{ action: 'create', after: makeEndpoint(name, 'A', ['192.0.2.1']) }], reason: 'test' });
const groups = (count: number): ChangeGroup[] => Array.from({ length: count }, (_, i) => group(`n${i}.example.org`));

/** An API that fails every call with a bad group in it. */
function api(bad: ReadonlySet<string>, failure: Sent): { calls: string[][]; send: (groups: readonly ChangeGroup[]) => Promise<Sent> } {
  const calls: string[][] = [];
  return {
    calls,
    async send(sent) {
      calls.push(sent.map((g) => g.name));
      return sent.some((g) => bad.has(g.name)) ? failure : { result: 'applied' };
    },
  };
}

const refused: Sent = { result: 'refused', error: new Error('no such type'), state: 'unchanged' };
const trouble: Sent = { result: 'trouble', error: new Error('status 500'), state: 'unknown' };

describe('sending groups together', () => {
  it('needs one call where all is well', async () => {
    const { calls, send } = api(new Set(), refused);
    const outcomes = await new Sender({ send }).send(groups(1000), never);
    assert.equal(calls.length, 1);
    assert.ok(outcomes.every((o) => o.result === 'applied'));
  });

  it('makes no call for no groups', async () => {
    const { calls, send } = api(new Set(), refused);
    assert.deepEqual(await new Sender({ send }).send([], never), []);
    assert.equal(calls.length, 0);
  });

  it('finds exactly the groups that are refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.array(fc.nat(59)), async (count, indexes) => {
        const bad = new Set(indexes.filter((i) => i < count).map((i) => `n${i}.example.org`));
        const { calls, send } = api(bad, refused);
        const outcomes = await new Sender({ send }).send(groups(count), never);
        assert.deepEqual(outcomes.map((o) => o.group.name), groups(count).map((g) => g.name));
        for (const { group: g, result } of outcomes) assert.equal(result, bad.has(g.name) ? 'failed' : 'applied');
        // each group is applied once
        assert.equal(calls.filter((c) => !c.some((n) => bad.has(n))).flat().length, count - bad.size);
        assert.ok(calls.length <= 1 + 2 * bad.size * Math.ceil(Math.log2(count) + 1));
      }),
    );
  });

  it('sends nothing more once another may lead, though nobody has said so: what was not sent is as it was', async () => {
    let leads = true;
    const { calls, send } = api(new Set(), refused);
    const sender = new Sender({ send: (sent) => ((leads = calls.length < 1), send(sent)), pack: (all) => all.map((g) => [g]), mayWrite: () => leads });
    const outcomes = await sender.send(groups(4), never);
    assert.equal(calls.length, 2);
    assert.deepEqual(outcomes.map((o) => (o.result === 'failed' ? o.state : o.result)), ['applied', 'applied', 'unchanged', 'unchanged']);
  });

  it('sends nothing again at once after trouble, and apart when the groups come again', async () => {
    const { calls, send } = api(new Set(['n2.example.org']), trouble);
    const sender = new Sender({ send });
    const first = await sender.send(groups(4), never);
    assert.equal(calls.length, 1);
    assert.deepEqual(first.map((o) => o.result === 'failed' && o.state), ['unknown', 'unknown', 'unknown', 'unknown']);
    const second = await sender.send(groups(4), never);
    assert.deepEqual(second.map((o) => o.result), ['applied', 'applied', 'failed', 'applied']);
    // the bad one alone, the new ones are not held up
    calls.length = 0;
    const third = await sender.send([group('n2.example.org'), group('new.example.org')], never);
    assert.deepEqual(third.map((o) => o.result), ['failed', 'applied']);
    assert.deepEqual(calls, [['new.example.org'], ['n2.example.org']]);
  });

  it('gives up soon where everything is in trouble, and tries others the next time', async () => {
    const all = groups(100);
    const { calls, send } = api(new Set(all.map((g) => g.name)), trouble);
    const sender = new Sender({ send });
    await sender.send(all, never);
    const tried = new Set<string>();
    for (let i = 0; i < 5; i++) {
      calls.length = 0;
      const outcomes = await sender.send(all, never);
      assert.ok(outcomes.every((o) => o.result === 'failed'));
      assert.ok(calls.length < 15, `${calls.length} calls`);
      for (const call of calls) if (call.length === 1) tried.add(call[0] ?? '');
    }
    assert.equal(tried.size, 15);
  });

  it('finds more than three bad groups in trouble over some runs', async () => {
    const all = groups(32);
    const bad = new Set(all.slice(0, 7).map((g) => g.name));
    const { send } = api(bad, trouble);
    const sender = new Sender({ send });
    let left = all;
    for (let i = 0; i < 6; i++) left = (await sender.send(left, never)).filter((o) => o.result === 'failed').map((o) => o.group);
    assert.deepEqual(new Set(left.map((g) => g.name)), bad);
  });

  it('sends nothing more where the other side is down', async () => {
    const { calls, send } = api(new Set(['n0.example.org']), { result: 'down', error: new Error('nobody listens'), state: 'unchanged' });
    const pack = (list: readonly ChangeGroup[]): ChangeGroup[][] => list.map((g) => [g]);
    const outcomes = await new Sender({ send, pack }).send(groups(5), never);
    assert.equal(calls.length, 1);
    assert.ok(outcomes.every((o) => o.result === 'failed' && o.state === 'unchanged' && o.error.message === 'nobody listens'));
  });

  it('begins no call once the program is ending', async () => {
    const stop = new AbortController();
    const { calls, send } = api(new Set(), refused);
    const pack = (list: readonly ChangeGroup[]): ChangeGroup[][] => list.map((g) => [g]);
    const outcomes = await new Sender({ send: async (g) => (stop.abort(), send(g)), pack }).send(groups(3), stop.signal);
    assert.equal(calls.length, 1);
    assert.deepEqual(outcomes.map((o) => o.result), ['applied', 'failed', 'failed']);
  });

  it('pauses between packed calls only', async () => {
    let pauses = 0;
    const { send } = api(new Set(['n1.example.org']), refused);
    const pack = (list: readonly ChangeGroup[]): ChangeGroup[][] => [list.slice(0, 3), list.slice(3)];
    await new Sender({ send, pack, pause: async () => void pauses++ }).send(groups(6), never);
    assert.equal(pauses, 1);
  });
});

describe('a group that failed alone', () => {
  const blamed = (outcomes: Awaited<ReturnType<Sender['send']>>): string[] => outcomes.flatMap((o) => (o.result === 'failed' && o.alone ? [o.group.name] : []));

  it('is to blame where it was refused', async () => {
    const { send } = api(new Set(['n2.example.org']), refused);
    assert.deepEqual(blamed(await new Sender({ send }).send(groups(5), never)), ['n2.example.org']);
  });

  it('is to blame for trouble that comes again while the others are applied', async () => {
    const { send } = api(new Set(['n2.example.org']), trouble);
    const sender = new Sender({ send });
    assert.deepEqual(blamed(await sender.send(groups(5), never)), []);
    assert.deepEqual(blamed(await sender.send(groups(5), never)), ['n2.example.org']);
  });

  it('is not to blame for trouble that comes but once, where each has a call of its own', async () => {
    const pack = (list: readonly ChangeGroup[]): ChangeGroup[][] => list.map((g) => [g]);
    const { send } = api(new Set(['n2.example.org']), trouble);
    const sender = new Sender({ send, pack });
    assert.deepEqual(blamed(await sender.send(groups(5), never)), []);
    assert.deepEqual(blamed(await sender.send(groups(5), never)), ['n2.example.org']);
  });

  it('is not to blame for trouble that all are in, nor where nobody listens', async () => {
    const inTrouble = new Sender({ send: async () => trouble });
    for (let i = 0; i < 4; i++) assert.deepEqual(blamed(await inTrouble.send(groups(2), never)), []);
    const down: Sent = { result: 'down', error: new Error('nobody listens'), state: 'unchanged' };
    const downSender = new Sender({ send: async () => down });
    for (let i = 0; i < 4; i++) assert.deepEqual(blamed(await downSender.send(groups(1), never)), []);
  });
});

describe('names by themselves at once', () => {
  it('are sent where a call with many got into trouble', async () => {
    const { calls, send } = api(new Set(['n1.example.org']), trouble);
    const outcomes = await new Sender({ send, namesAtOnce: true }).send(groups(3), never);
    assert.deepEqual(outcomes.map((o) => o.result), ['applied', 'failed', 'applied']);
    assert.deepEqual(calls.map((c) => c.length), [3, 1, 1, 1]);
  });

  it('are not sent a second time where there is but one', async () => {
    const { calls, send } = api(new Set(['n0.example.org']), trouble);
    await new Sender({ send, namesAtOnce: true }).send(groups(1), never);
    assert.equal(calls.length, 1);
  });

  it('end where they get into trouble one after the other', async () => {
    const { calls, send } = api(new Set(groups(20).map((g) => g.name)), trouble);
    const outcomes = await new Sender({ send, namesAtOnce: true }).send(groups(20), never);
    assert.ok(outcomes.every((o) => o.result === 'failed'));
    assert.equal(calls.length, 4);
  });
});

describe('the groups of one name', () => {
  const sets = [group('a.example.org'), { ...group('web.example.org'), setIdentifier: 'one' }, { ...group('web.example.org'), setIdentifier: 'two' }, group('z.example.org')];
  for (const [title, failure] of [['refused', refused], ['in trouble', trouble]] as const)
    it(`stay together when they are ${title}`, async () => {
      const { calls, send } = api(new Set(['web.example.org']), failure);
      const outcomes = await new Sender({ send, namesAtOnce: true }).send(sets, never);
      assert.deepEqual(outcomes.map((o) => o.result), ['applied', 'failed', 'failed', 'applied']);
      assert.ok(calls.every((names) => names.filter((name) => name === 'web.example.org').length !== 1));
    });
});

describe('other calls for single groups', () => {
  const single = (result: (name: string) => Sent): { names: string[]; sendSingly: (g: ChangeGroup) => Promise<Sent> } => {
    const names: string[] = [];
    return { names, sendSingly: async (g) => (names.push(g.name), result(g.name)) };
  };

  it('are made at once where a call with many got into trouble', async () => {
    const { calls, send } = api(new Set(['n0.example.org']), trouble);
    const { names, sendSingly } = single((name) => (name === 'n2.example.org' ? refused : { result: 'applied' }));
    const outcomes = await new Sender({ send, sendSingly }).send(groups(4), never);
    assert.deepEqual(outcomes.map((o) => o.result), ['applied', 'applied', 'failed', 'applied']);
    assert.deepEqual([calls.length, names.length], [1, 4]);
  });

  it('are made for what is refused alone, and for nothing else', async () => {
    const { send } = api(new Set(['n0.example.org', 'n1.example.org']), refused);
    const { names, sendSingly } = single((name) => (name === 'n1.example.org' ? refused : { result: 'applied' }));
    const outcomes = await new Sender({ send, sendSingly }).send(groups(4), never);
    assert.deepEqual(outcomes.map((o) => o.result), ['applied', 'failed', 'applied', 'applied']);
    assert.deepEqual(names, ['n0.example.org', 'n1.example.org']);
  });

  it('end where they get into trouble one after the other', async () => {
    const { send } = api(new Set(['n0.example.org']), trouble);
    const { names, sendSingly } = single(() => trouble);
    const outcomes = await new Sender({ send, sendSingly }).send(groups(20), never);
    assert.ok(outcomes.every((o) => o.result === 'failed' && o.state === 'unknown'));
    assert.equal(names.length, 3);
  });

  it('end where the program is to end', async () => {
    const stop = new AbortController();
    const { send } = api(new Set(['n0.example.org']), trouble);
    const { names, sendSingly } = single(() => (stop.abort(), { result: 'applied' }));
    const outcomes = await new Sender({ send, sendSingly }).send(groups(3), stop.signal);
    assert.deepEqual(outcomes.map((o) => o.result), ['applied', 'failed', 'failed']);
    assert.equal(names.length, 1);
  });
});

it('a group that is applied, but not entirely, has failed', async () => {
  const all = groups(3);
  const short = new Map(all.slice(1, 2).map((g) => [g, new Error('no region')]));
  const outcomes = await new Sender({ send: async () => ({ result: 'applied', short }) }).send(all, never);
  assert.deepEqual(outcomes.map((o) => (o.result === 'failed' ? `${o.error.message}, ${o.state}` : o.result)), ['applied', 'no region, unknown', 'applied']);
});
