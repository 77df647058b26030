import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeEndpoint } from '../../endpoint/build.ts';
import { everyDomain } from '../../endpoint/domain-filter.ts';
import { SoftError } from '../../errors.ts';
import { silentLogger } from '../../log/logger.ts';
import { noMetrics } from '../../metrics/metrics.ts';
import type { Provider, ProviderSetup } from '../provider.ts';
import { zoneEngine } from './zone-engine.ts';
import type { ZoneProvider } from './zone-provider.ts';

const never = new AbortController().signal;
const setup: ProviderSetup = { options: { zoneIdFilter: [], batchChangeSize: 200, batchChangeIntervalMs: 0 } as unknown as ProviderSetup['options'], env: {}, domainFilter: everyDomain, log: silentLogger, metrics: noMetrics, signal: never };

describe('the version of zones', () => {
  interface Versioned {
    readonly engine: Provider;
    /** Zones that were read. */
    readonly read: string[];
    readonly versions: Record<string, string | undefined>;
    readonly clock: { nowMs: number };
    fails: boolean;
  }

  function versioned(): Versioned {
    const held: Omit<Versioned, 'engine'> = { read: [], versions: { 'example.org': '1', 'example.net': '1' }, clock: { nowMs: 1_000_000 }, fails: false };
    const provider: ZoneProvider = {
      name: 'fake',
      granularity: 'zone',
      zones: async () => Object.keys(held.versions).map((name) => ({ id: name, name })),
      version: (zone) => held.versions[zone.name],
      async records(zone) {
        held.read.push(zone.name);
        if (held.fails && zone.name === 'example.net') throw new SoftError('status 500');
        return [makeEndpoint(`web.${zone.name}`, 'A', ['192.0.2.1'])];
      },
      apply: async () => {},
    };
    return Object.assign(held, { engine: zoneEngine(provider, setup, { now: () => held.clock.nowMs }) });
  }

  it('spares a reading while that of all zones is the same', async () => {
    const { engine, read } = versioned();
    const { fingerprint } = await engine.snapshot(never);
    read.length = 0;
    assert.deepEqual(await engine.snapshot(never, fingerprint), { fingerprint, unreadable: [] });
    assert.deepEqual(read, []);
  });

  const cases: readonly { readonly title: string; readonly change: (v: Versioned) => void }[] = [
    { title: 'one zone has another version', change: (v) => void (v.versions['example.net'] = '2') },
    { title: 'one zone has none any more', change: (v) => void (v.versions['example.net'] = undefined) },
    { title: 'ten minutes have passed: changes behind the back of the API are seen, too', change: (v) => void (v.clock.nowMs += 10 * 60_000) },
  ];
  for (const { title, change } of cases)
    it(`all are read where ${title}`, async () => {
      const v = versioned();
      const { fingerprint } = await v.engine.snapshot(never);
      v.read.length = 0;
      change(v);
      assert.equal((await v.engine.snapshot(never, fingerprint)).records?.length, 2);
      assert.equal(v.read.length, 2);
    });

  it('counts for nothing before the first reading, without a fingerprint, or with one of another process', async () => {
    const { engine, read } = versioned();
    for (const since of ['[["example.org","1"],["example.net","1"]]', undefined, 'x']) assert.equal((await engine.snapshot(never, since)).records?.length, 2);
    assert.equal(read.length, 6);
  });

  it('gives no fingerprint to a reading in which a zone is missing', async () => {
    const v = versioned();
    v.fails = true;
    const first = await v.engine.snapshot(never);
    assert.deepEqual([first.fingerprint, first.unreadable.length], [undefined, 1]);
  });

  it('that one zone does not have is none for all', async () => {
    const v = versioned();
    v.versions['example.org'] = undefined;
    assert.equal((await v.engine.snapshot(never)).fingerprint, undefined);
  });
});
