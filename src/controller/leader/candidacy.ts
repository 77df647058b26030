import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Config } from '../../config/config.ts';
import type { ClusterWriter } from '../../kubernetes/cluster.ts';
import { currentNamespace } from '../../kubernetes/connect.ts';
import type { Logger } from '../../log/logger.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { systemClock } from './clock.ts';
import { LeaderElection } from './leader-election.ts';
import type { Leadership } from './leadership.ts';

/** The part of this process in an election. */
export interface Candidacy extends Leadership {
  /** To be called when the process is ready to lead. */
  join(): void;
  /** To be called when nothing is written any more: another process can lead at once. */
  leave(): Promise<void>;
}

/** A candidate by the flags; undefined where they ask for no election. */
export function candidacyOf(options: Config, env: NodeJS.ProcessEnv, parts: { readonly writer: ClusterWriter; readonly log: Logger; readonly metrics: Metrics }): Candidacy | undefined {
  if (!options.leaderElect || options.once || options.manifests !== '') return undefined;
  const election = new LeaderElection(
    {
      namespace: options.leaderElectionNamespace || currentNamespace(options, env),
      name: leaseName(options),
      identity: `${hostname()}_${randomUUID()}`,
      leaseDurationMs: options.leaderElectionLeaseDurationMs,
      renewDeadlineMs: options.leaderElectionRenewDeadlineMs,
      retryPeriodMs: options.leaderElectionRetryPeriodMs,
    },
    { ...parts, clock: systemClock },
  );
  const end = new AbortController();
  let running: Promise<void> | undefined;
  return {
    get term() {
      return election.term;
    },
    get holder() {
      return election.holder;
    },
    mayWrite: () => election.mayWrite(),
    subscribe: (listener) => election.subscribe(listener),
    join() {
      running ??= election.run(end.signal);
    },
    async leave() {
      end.abort();
      await running;
      await election.release();
    },
  };
}

/** Instances with different owners in one namespace must not wait for each other. */
export function leaseName({ leaderElectionId, txtOwnerId }: Pick<Config, 'leaderElectionId' | 'txtOwnerId'>): string {
  if (leaderElectionId !== '') return leaderElectionId;
  const owner = txtOwnerId.toLowerCase().replace(/[^a-z0-9.]+/g, '-').replace(/^[-.]+|[-.]+$/g, '').slice(0, 200);
  return owner === '' || owner === 'default' ? 'external-dns' : `external-dns-${owner}`;
}
