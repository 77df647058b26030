import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Index, ObjectChange, ResourceView } from './cluster.ts';
import { type KubeObject, objectKey } from './object.ts';
import { Namespace } from './resources/core.ts';
import { createStore, type StoreWriter } from './store.ts';

const object = (key: string, value = '', resourceVersion = ''): KubeObject => {
  const [namespace = '', name = ''] = key.split('/');
  return Namespace.keep({ metadata: { namespace, name, resourceVersion, labels: { value } } });
};
const byValue: Index = { name: 'value', values: (o) => [o.metadata.labels['value'] ?? ''] };
const text = ({ before, after }: ObjectChange): string => `${before ? objectKey(before) + before.metadata.labels['value'] : ''}>${after ? objectKey(after) + after.metadata.labels['value'] : ''}`;

function open(): { view: ResourceView; writer: StoreWriter<KubeObject>; told: string[] } {
  const { view, writer } = createStore(Namespace, '', (error) => {
    throw error;
  });
  const told: string[] = [];
  view.subscribe((changes) => told.push(changes.map(text).sort().join(' ')));
  return { view, writer, told };
}

function list(writer: StoreWriter<KubeObject>, ...objects: KubeObject[]): void {
  writer.startList();
  for (const o of objects) writer.add(o);
  writer.finishList('v1');
}

describe('store', () => {
  it('shows nothing of a list before it is complete', () => {
    const { view, writer, told } = open();
    writer.startList();
    writer.add(object('a/x'));
    assert.deepEqual([view.size, view.state.kind, told.length], [0, 'syncing', 0]);
    writer.finishList('v1');
    assert.deepEqual([view.size, view.state.kind, told], [1, 'synced', ['>a/x', '']]);
  });

  it('drops a list that was broken off', () => {
    const { view, writer, told } = open();
    list(writer, object('a/x'));
    writer.startList();
    writer.add(object('a/y'));
    writer.startList();
    writer.add(object('a/x'));
    writer.finishList('v1');
    assert.equal(view.size, 1);
    assert.deepEqual(told, ['>a/x', '']);
  });

  it('gives the last of several events of one object, as one change', () => {
    const { view, writer, told } = open();
    list(writer, object('a/x', '1'));
    writer.apply(object('a/x', '2'));
    writer.apply(object('a/x', '3'));
    writer.apply(object('a/y'));
    writer.remove('a', 'y');
    writer.remove('a', 'never');
    assert.equal(view.get('a', 'x')?.metadata.labels['value'], '1');
    writer.flush();
    assert.deepEqual(told.slice(2), ['a/x1>a/x3']);
  });

  it('gives the objects of one namespace, or all', () => {
    const { view, writer } = open();
    list(writer, object('a/x'), object('b/x'), object('/z'));
    const keys = (namespace?: string): string => [...view.list(namespace)].map(objectKey).sort().join();
    assert.deepEqual([keys(), keys(''), keys('a'), keys('never')], ['/z,a/x,b/x', '/z,a/x,b/x', 'a/x', '']);
  });

  it('keeps its content when it fails, tells it once, and remembers since when', () => {
    const { view, writer, told } = open();
    writer.fail('unreachable', 'gone');
    assert.equal(view.state.kind === 'failed' && view.state.everSynced, false);
    list(writer, object('a/x'));
    told.length = 0;
    writer.fail('unreachable', 'gone');
    const since = view.state.kind === 'failed' ? view.state.since : undefined;
    writer.fail('unreachable', 'gone');
    writer.fail('forbidden', 'no');
    assert.deepEqual(view.state, { kind: 'failed', since, reason: 'forbidden', message: 'no', everSynced: true });
    writer.recover();
    writer.recover();
    assert.deepEqual(told, ['', '', '']);
    assert.equal(view.size, 1);
  });

  it('does not suffer from a listener that throws', () => {
    const errors: unknown[] = [];
    const { view, writer } = createStore(Namespace, '', (error) => errors.push(error));
    const told: number[] = [];
    view.subscribe(() => {
      throw new Error('bug');
    });
    const end = view.subscribe((changes) => told.push(changes.length));
    list(writer, object('a/x'));
    end();
    list(writer);
    assert.deepEqual([errors.length, told], [3, [1, 0]]);
  });

  it('tells of all changes, and keeps its indexes, whatever comes', () => {
    const key = fc.constantFrom('a/x', 'a/y', 'b/x', '/z');
    const value = fc.constantFrom('1', '2');
    const entry = fc.tuple(key, value);
    const action = fc.oneof(
      fc.record({ list: fc.uniqueArray(entry, { selector: ([k]) => k }) }),
      fc.record({ apply: fc.array(entry) }),
      fc.record({ remove: key }),
    );
    fc.assert(
      fc.property(fc.array(action), (actions) => {
        const { view, writer } = createStore(Namespace, '', (error) => {
          throw error;
        });
        // what a listener that only follows the changes believes, and what is written
        const followed = new Map<string, string>();
        const written = new Map<string, string>();
        let version = 0;
        view.subscribe((changes) => {
          for (const { before, after } of changes) {
            if (before) assert.equal(followed.get(objectKey(before)), before.metadata.labels['value']);
            if (after) followed.set(objectKey(after), after.metadata.labels['value'] ?? '');
            else if (before) followed.delete(objectKey(before));
          }
        });
        assert.deepEqual([...view.lookup(byValue, '1')], []);
        for (const step of actions) {
          if ('list' in step) {
            written.clear();
            for (const [k, v] of step.list) written.set(k, v);
            list(writer, ...step.list.map(([k, v]) => object(k, v, String(++version))));
          } else if ('apply' in step) {
            for (const [k, v] of step.apply) {
              written.set(k, v);
              writer.apply(object(k, v, String(++version)));
            }
            writer.flush();
          } else {
            written.delete(step.remove);
            const [namespace = '', name = ''] = step.remove.split('/');
            writer.remove(namespace, name);
            writer.flush();
          }
          const content = new Map([...view.list()].map((o) => [objectKey(o), o.metadata.labels['value'] ?? '']));
          assert.deepEqual(new Map([...content].sort()), new Map([...written].sort()));
          assert.deepEqual(new Map([...followed].sort()), new Map([...written].sort()));
          assert.equal(view.size, written.size);
          for (const v of ['1', '2']) assert.deepEqual([...view.lookup(byValue, v)].map(objectKey).sort(), [...written].flatMap(([k, w]) => (w === v ? [k] : [])).sort());
        }
      }),
      { numRuns: 200 },
    );
  });
});
