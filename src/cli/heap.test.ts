import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { collectGarbage } from './heap.ts';

it('collects what nobody holds any more', async () => {
  const gone = new WeakRef({ size: 1 });
  // what was looked at in this turn of the event loop lives to its end
  await setImmediate();
  collectGarbage();
  assert.equal(gone.deref(), undefined);
});
