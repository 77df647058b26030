/** A metric of the program; `name` is without the prefix `external_dns_`. */
export interface MetricDefinition {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'summary' | 'histogram';
  readonly labels: readonly string[];
  readonly help: string;
  /** Upper bounds in seconds, of a histogram. */
  readonly buckets?: readonly number[];
}

/** All metrics. A new one is one line here. */
export const metricCatalogue: readonly MetricDefinition[] = [
  { name: 'brake_held_records', type: 'gauge', labels: ['zone'], help: 'Records whose deletion is held until it is approved.' },
  { name: 'build_info', type: 'gauge', labels: ['arch', 'go_version', 'os', 'revision', 'version'], help: 'Always 1; the labels say what is running. go_version holds the version of Node.js.' },
  { name: 'changes_total', type: 'counter', labels: ['zone', 'record_type', 'action', 'result'], help: 'Changes of records (create, update, delete) and what came of them (applied, failed, skipped).' },
  { name: 'controller_consecutive_soft_errors', type: 'gauge', labels: [], help: 'Runs in a row that ended with an error that may pass.' },
  { name: 'controller_last_reconcile_timestamp_seconds', type: 'gauge', labels: [], help: 'When a run was last started.' },
  { name: 'controller_last_sync_timestamp_seconds', type: 'gauge', labels: [], help: 'When a run last ended well.' },
  { name: 'controller_no_op_runs_total', type: 'counter', labels: [], help: 'Runs that found nothing to change.' },
  { name: 'controller_verified_records', type: 'gauge', labels: ['record_type'], help: 'Records that are wanted and are there.' },
  { name: 'http_request_duration_seconds', type: 'summary', labels: ['handler', 'scheme', 'host', 'path', 'method', 'status'], help: 'How long requests to APIs took.' },
  { name: 'leader_election_master_status', type: 'gauge', labels: ['name'], help: '1 while this process leads, else 0; only with --leader-elect. The label is the name of the Lease.' },
  { name: 'names_not_in_order', type: 'gauge', labels: ['state'], help: 'Names that are not as the cluster wants them, by state: pending, foreign and contested (conflicts with another owner, another object), held, held-by-brake, protected, stale, looping, frozen, failed, quarantined, skipped, invalid.' },
  { name: 'oldest_pending_change_age_seconds', type: 'gauge', labels: [], help: 'How long the oldest change waits: not yet published, failed, quarantined, held by the brake, not lasting or frozen; 0 where none does.' },
  { name: 'provider_cache_apply_changes_calls', type: 'counter', labels: [], help: 'Batches of changes that went past a cache of records (--provider-cache-time, --txt-cache-interval).' },
  { name: 'provider_cache_records_calls', type: 'counter', labels: ['from_cache'], help: 'Readings of records, and whether the cache answered them.' },
  { name: 'provider_call_duration_seconds', type: 'histogram', labels: ['provider', 'call', 'zone', 'status'], buckets: [0.1, 0.5, 1, 5, 15, 60], help: 'How long calls of the provider took (zones, records, adjust, apply), by zone and by what came of them: ok, the status of the answer, why there was none (timeout, unreachable, closed), failed. Empty zone: the call is for no zone in particular.' },
  { name: 'provider_calls_total', type: 'counter', labels: ['provider', 'call', 'result'], help: 'Calls of the provider (zones, records, adjust, apply) and what came of them (ok, failed).' },
  { name: 'provider_requests_per_sync', type: 'gauge', labels: [], help: 'HTTP requests that the last run sent to the APIs of the provider and the registry, with repetitions; 0 for a provider that is spoken to by DNS.' },
  { name: 'publication_duration_seconds', type: 'histogram', labels: [], buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300], help: 'Time from when a change in the cluster was seen to when it was published; what stands there at the start does not count.' },
  { name: 'registry_endpoints_total', type: 'gauge', labels: [], help: 'Current records that the registry gave.' },
  { name: 'registry_errors_total', type: 'counter', labels: [], help: 'Readings or changes of records that failed.' },
  { name: 'registry_records', type: 'gauge', labels: ['record_type'], help: 'Current records that the registry gave, by type.' },
  { name: 'registry_skipped_records_owner_mismatch_per_sync', type: 'gauge', labels: ['record_type', 'owner', 'foreign_owner', 'domain'], help: 'Records that keep us from a name that is wanted, since another owner, or nobody (an empty foreign_owner), holds them.' },
  { name: 'source_deduplicated_endpoints', type: 'gauge', labels: ['record_type', 'source_type'], help: 'Endpoints that were left out, since another one says the same.' },
  { name: 'source_endpoints_total', type: 'gauge', labels: [], help: 'Endpoints that the sources gave.' },
  { name: 'source_errors_total', type: 'counter', labels: [], help: 'Sweeps in which a source could not be read, or an object of it not be computed.' },
  { name: 'source_invalid_endpoints', type: 'gauge', labels: ['record_type', 'source_type'], help: 'Endpoints that were left out, since they cannot be records.' },
  { name: 'source_records', type: 'gauge', labels: ['record_type'], help: 'Endpoints that the sources gave, by type.' },
  ...['adjustendpoints', 'applychanges', 'records'].flatMap((call): MetricDefinition[] => [
    { name: `webhook_provider_${call}_errors_total`, type: 'gauge', labels: [], help: `Calls of ${call} to the webhook provider that failed.` },
    { name: `webhook_provider_${call}_requests_total`, type: 'gauge', labels: [], help: `Calls of ${call} to the webhook provider.` },
  ]),
];

export const metricPrefix = 'external_dns_';
