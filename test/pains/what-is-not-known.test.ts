// What cannot be read is taken for gone, or nobody sees what stands still because of it. Ours freezes it, shows each name since when and why, and goes on by itself.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RawObject } from '../../src/kubernetes/object.ts';
import { onlyLine, service, services, startWorld } from '../support/pains.ts';

const ingress = (name: string): RawObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, namespace: 'shop', uid: name },
  spec: { rules: [{ host: `${name}.example.org` }] },
  status: { loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } },
});

describe('a source that cannot be read any more', () => {
  it('shows at each of its names, since when and why, in one line of the log', async () => {
    const world = await startWorld(['--source=service', '--source=ingress']);
    const names = Array.from({ length: 10 }, (_, i) => `in${i}`);
    for (const name of names) world.cluster.put(ingress(name));
    world.cluster.put(service('web', ['192.0.2.1']));
    await world.sweep();
    const reads = world.provider.reads;
    world.wait(5);
    world.cluster.fail('ingresses', 'the API cannot be reached');
    await world.event();
    const states = Object.fromEntries(names.map((name) => [`${name}.example.org`, 'frozen']));
    assert.deepEqual(world.states(), states);
    const status = world.synchronizer.statuses.get('in3.example.org');
    assert.deepEqual([status?.reason, status?.since.getTime()], ['ingress/shop/in3 cannot be read or computed: the API cannot be reached', world.clock.nowMs]);
    // it costs no reading, and is not told again
    world.wait(5);
    await world.event();
    assert.equal(world.provider.reads, reads);
    assert.deepEqual(world.states(), states);

    world.cluster.recover('ingresses');
    await world.event();
    assert.deepEqual(world.states(), {});
    assert.equal(onlyLine(world.log, /not frozen any more/).fields['count'], 10);
  });
});

describe('a zone that cannot be read', () => {
  it('keeps its records; what is wanted meanwhile is published when it can be read again', async () => {
    const world = await startWorld();
    world.provider.zones = ['example.org', 'example.net'];
    const net = (name: string, ip: string) => service(name, [ip], [`${name}.example.net`]);
    world.cluster.put(service('web', ['192.0.2.1']));
    world.cluster.put(net('web-net', '192.0.2.1'));
    await world.sweep();
    world.provider.unreadable = [{ zone: 'example.org', error: new Error('403') }];
    await world.sweep();
    assert.deepEqual(world.states(), { 'web.example.org': 'frozen' });
    world.cluster.put(service('api', ['192.0.2.2']));
    world.cluster.remove(service('web', ['192.0.2.1']));
    world.cluster.put(net('web-net', '192.0.2.9'));
    await world.event();
    await world.sweep();
    assert.deepEqual(world.records(), ['web-net.example.net A 192.0.2.9', 'web.example.org A 192.0.2.1']);
    assert.deepEqual(world.states(), { 'web.example.org': 'frozen', 'api.example.org': 'frozen' });
    world.provider.unreadable = [];
    await world.sweep();
    assert.deepEqual(world.records(), ['api.example.org A 192.0.2.2', 'web-net.example.net A 192.0.2.9']);
    assert.deepEqual(world.states(), {});
  });

  it('does not let go what the brake holds in it', async () => {
    const world = await startWorld();
    for (const object of services(40)) world.cluster.put(object);
    await world.sweep();
    for (const object of services(40)) world.cluster.remove(object);
    // so many new records that the old ones would be few
    for (const object of services(60, 100)) world.cluster.put(object);
    assert.deepEqual((await world.sweep()).held?.zones, [{ zone: 'example.org', deletions: 40, recent: 0, owned: 40 }]);
    assert.equal(world.records().length, 100);
    world.provider.unreadable = [{ zone: 'example.org', error: new Error('503') }];
    await world.sweep();
    assert.equal(world.states()['web0.example.org'], 'frozen');
    world.provider.unreadable = [];
    assert.deepEqual((await world.sweep()).held?.zones, [{ zone: 'example.org', deletions: 40, recent: 0, owned: 40 }]);
    assert.deepEqual([world.records().length, world.states()['web0.example.org']], [100, 'held-by-brake']);
    onlyLine(world.log, /deletions are held/);
    assert.ok(!world.log.some((line) => /no deletions are held/.test(line.message)));
  });
});
