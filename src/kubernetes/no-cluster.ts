import type { Cluster } from './cluster.ts';

/** Where nothing is read from a cluster and nothing is written to one, as with `--source=connector`: none has to be there. */
export function noCluster(): Cluster {
  const watch = (): never => {
    throw new Error('there is no cluster to read from or to write to');
  };
  const refuse = async (): Promise<never> => watch();
  return {
    title: 'no cluster',
    watch,
    settled: (signal) => (signal.aborted ? Promise.reject(signal.reason as Error) : Promise.resolve()),
    writer: { patchStatus: refuse, patchAnnotations: refuse, get: refuse, create: refuse, replace: refuse, delete: refuse },
    close: () => Promise.resolve(),
  };
}
