import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '../kubernetes/client/api-error.ts';
import type { ClusterWriter } from '../kubernetes/cluster.ts';
import { Ingress, Service } from '../kubernetes/resources/core.ts';
import { silentLogger } from '../log/logger.ts';
import { type AnnotationWrite, StatusWriter } from './status-writer.ts';

const at = (resource: AnnotationWrite['resource'], name: string, value = 'x'): AnnotationWrite => ({ resource, namespace: 'shop', name, annotations: { published: value } });

function writer(fail: (kind: string) => Error | undefined) {
  const written: string[] = [];
  const warnings: string[] = [];
  const clock = { nowMs: 0 };
  const cluster = {
    patchAnnotations: async (resource, _namespace, name, annotations) => {
      written.push(`${resource.kind}/${name} ${annotations['published']}`);
      const error = fail(resource.kind);
      if (error) throw error;
      return true;
    },
  } satisfies Pick<ClusterWriter, 'patchAnnotations'>;
  const log = { ...silentLogger, warning: (message: string) => void warnings.push(message) };
  return { written, warnings, clock, writer: new StatusWriter(cluster as unknown as ClusterWriter, log, new AbortController().signal, () => clock.nowMs) };
}
const forbidden = () => new ApiError('may not patch', { status: 403, reason: 'Forbidden', fromApi: true });

describe('what is written at objects', () => {
  it('is the newest of each', async () => {
    const { written, writer: status } = writer(() => undefined);
    status.add([at(Service, 'web', '1')]);
    status.add([at(Service, 'api', '1'), at(Service, 'web', '2'), at(Service, 'api', '2')]);
    await status.idle();
    assert.deepEqual(written, ['Service/web 1', 'Service/api 2', 'Service/web 2']);
  });

  it('goes on where one fails', async () => {
    const { written, warnings, writer: status } = writer((kind) => (kind === 'Service' ? new Error('500') : undefined));
    status.add([at(Service, 'web'), at(Service, 'api'), at(Ingress, 'web')]);
    await status.idle();
    assert.deepEqual([written.length, warnings.length], [3, 2]);
  });

  it('is not tried for thousands of objects where the right is missing, and not told of each', async () => {
    const { written, warnings, clock, writer: status } = writer((kind) => (kind === 'Service' ? forbidden() : undefined));
    const all = [...Array.from({ length: 1000 }, (_, i) => at(Service, `web${i}`)), at(Ingress, 'web')];
    for (const minute of [0, 1, 4]) {
      clock.nowMs = minute * 60_000;
      status.add(all);
      await status.idle();
    }
    assert.deepEqual(written.filter((w) => w.startsWith('Service')).length, 3);
    assert.deepEqual(written.filter((w) => w.startsWith('Ingress')).length, 3);
    clock.nowMs = 6 * 60_000;
    status.add(all);
    await status.idle();
    assert.deepEqual(written.filter((w) => w.startsWith('Service')).length, 4);
    assert.equal(warnings.length, 4);
  });
});
