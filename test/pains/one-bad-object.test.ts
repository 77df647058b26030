// One object with a missing reference, or one resource that is not there, stops all sources. Ours freezes just what it does not know.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RawObject } from '../../src/kubernetes/object.ts';
import { Ingress } from '../../src/kubernetes/resources/core.ts';
import { onlyLine, service, startWorld } from '../support/pains.ts';

const ingress = (name: string): RawObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, namespace: 'shop', uid: name },
  spec: { rules: [{ host: `${name}.example.org` }] },
  status: { loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } },
});
const sources = ['--source=service', '--source=ingress'];

describe('one bad object', () => {
  it('leaves the others alone', async () => {
    // the template takes five letters of a name that may have fewer
    const world = await startWorld(['--fqdn-template={{slice .Name 0 5}}.example.org']);
    const plain = (name: string): RawObject => ({ ...service(name, ['192.0.2.1']), metadata: { name, namespace: 'shop', uid: name } });
    for (const name of ['shop1', 'shop2', 'bad', 'shop3']) world.cluster.put(plain(name));
    await world.sweep();
    assert.deepEqual(world.records(), ['shop1', 'shop2', 'shop3'].map((n) => `${n}.example.org A 192.0.2.1`));
    assert.match(String(onlyLine(world.log, /object cannot be computed/).fields['object']), /Service\/shop\/bad/);
    assert.equal([...world.desired.troubles()].length, 1);
  });
});

describe('a resource that cannot be read', () => {
  it('freezes its own records, while the other sources go on', async () => {
    let world = await startWorld(sources);
    world.cluster.put(ingress('shop'));
    world.cluster.put(service('web', ['192.0.2.1']));
    await world.sweep();
    // from the start of the next run
    world.cluster.failFromStart(Ingress, 'ingresses may not be listed');
    world = await world.restart();
    world.cluster.fail('ingresses', 'ingresses may not be listed');
    world.cluster.put(service('api', ['192.0.2.2']));
    world.cluster.remove(service('web', ['192.0.2.1']));
    await world.sweep();
    assert.deepEqual(world.records(), ['api.example.org A 192.0.2.2', 'shop.example.org A 192.0.2.7']);
    assert.deepEqual(world.states(), { 'shop.example.org': 'frozen' });
    // read again, and its object has gone in the meantime
    world.cluster.remove(ingress('shop'));
    world.cluster.recover('ingresses');
    await world.event();
    assert.deepEqual(world.records(), ['api.example.org A 192.0.2.2']);
  });

  it('while it runs keeps what was known', async () => {
    const world = await startWorld(sources);
    world.cluster.put(ingress('shop'));
    await world.sweep();
    world.cluster.fail('ingresses', 'the API cannot be reached');
    world.wait(60);
    await world.sweep();
    assert.deepEqual(world.records(), ['shop.example.org A 192.0.2.7']);
    assert.deepEqual([...world.desired.troubles()], ['source ingress: the API cannot be reached']);
  });
});
