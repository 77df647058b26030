import type { Config } from '../config/config.ts';
import { messageOf } from '../errors.ts';
import { parseSelector } from '../kubernetes/selector.ts';

export interface ValidateOptions {
  /** sync is taken for granted where --policy is not given. */
  readonly assumePolicy?: boolean;
  /** A policy was given, but none that is known: not to be told twice. */
  readonly policyRefused?: boolean;
  /** Nothing is done to records, so no policy is needed. */
  readonly withoutRecords?: boolean;
}

export interface Validated {
  readonly config: Config;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** What --events-emit knows. */
export const eventReasons = ['RecordReady', 'RecordDeleted', 'RecordError'];

/** What flags must fulfil beyond their types. Gives all problems, each with the way to mend it. */
export function validate(config: Config, { assumePolicy = false, policyRefused = false, withoutRecords = false }: ValidateOptions = {}): Validated {
  const problems: string[] = [];
  const warnings: string[] = [];
  const fail = (broken: boolean, problem: string): void => {
    if (broken) problems.push(problem);
  };
  const policyMissing = config.policy === '' && !withoutRecords;
  if (policyMissing && (config.dryRun || assumePolicy)) warnings.push('no --policy is given: what is shown is what --policy=sync would do');
  else
    fail(
      policyMissing && !policyRefused,
      '--policy is missing; choose one: sync creates, updates and deletes records, upsert-only creates and updates but never deletes, create-only only creates what is not there',
    );
  fail(config.ignoreHostnameAnnotation && config.fqdnTemplate.length === 0, '--ignore-hostname-annotation leaves objects without names; give --fqdn-template, too');
  fail(config.txtPrefix !== '' && config.txtSuffix !== '', '--txt-prefix and --txt-suffix exclude each other; leave one out');
  fail(!config.annotationPrefix.endsWith('/'), `--annotation-prefix: ${JSON.stringify(config.annotationPrefix)} must end in a slash, as in external-dns.kubernetes.io/`);
  fail(config.maxDeletePercent < 0 || config.maxDeletePercent > 100, '--max-delete-percent must lie between 0 and 100');
  fail(config.maxDeleteMin < 0, '--max-delete-min must not be negative');
  fail(config.kubeApiQps <= 0, '--kube-api-qps must be greater than 0');
  fail(config.kubeApiBurst <= 0, '--kube-api-burst must be greater than 0');
  fail(config.createPtr && !config.managedRecordTypes.includes('PTR'), '--create-ptr makes PTR records, which are not managed; add --managed-record-types=PTR (and those that are managed now)');
  fail(config.provider === 'azure' && config.azureConfigFile === '', '--azure-config-file is empty; the provider azure needs it');
  if (config.leaderElect) problems.push(...leaderElection(config));
  if (config.provider === 'rfc2136') problems.push(...rfc2136(config));
  problems.push(...selectorProblems('--label-filter', config.labelFilter), ...selectorProblems('--annotation-filter', config.annotationFilter));
  if (config.source.some((name) => name.startsWith('gateway-'))) problems.push(...selectorProblems('--gateway-label-filter', config.gatewayLabelFilter));
  for (const reason of config.eventsEmit) if (!eventReasons.includes(reason)) warnings.push(`--events-emit: ${JSON.stringify(reason)} is not known and writes nothing; known are: ${eventReasons.join(', ')}`);
  return { config: policyMissing && problems.length === 0 ? { ...config, policy: 'sync' } : config, problems, warnings };
}

function leaderElection({ leaderElectionLeaseDurationMs: leaseMs, leaderElectionRenewDeadlineMs: renewMs, leaderElectionRetryPeriodMs: retryMs, leaderElectionId: id }: Config): string[] {
  const problems: string[] = [];
  if (leaseMs < 1000) problems.push('--leader-election-lease-duration must be at least 1s');
  if (renewMs >= leaseMs) problems.push('--leader-election-renew-deadline must be shorter than --leader-election-lease-duration');
  if (retryMs <= 0 || retryMs * 1.2 >= renewMs) problems.push('--leader-election-retry-period must be positive, and clearly shorter than --leader-election-renew-deadline');
  if (id !== '' && !/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(id)) problems.push(`--leader-election-id: ${JSON.stringify(id)} is no name for a Lease; write lower-case letters, digits, - and .`);
  return problems;
}

function rfc2136(config: Config): string[] {
  const problems: string[] = [];
  if (config.rfc2136MinTtlMs < 0) problems.push('--rfc2136-min-ttl must not be negative');
  if (config.rfc2136Insecure && config.rfc2136GssTsig) problems.push('--rfc2136-insecure and --rfc2136-gss-tsig exclude each other; leave one out');
  if (config.rfc2136GssTsig && [config.rfc2136KerberosRealm, config.rfc2136KerberosUsername, config.rfc2136KerberosPassword].includes(''))
    problems.push('--rfc2136-gss-tsig needs --rfc2136-kerberos-realm, --rfc2136-kerberos-username and --rfc2136-kerberos-password');
  if (config.rfc2136BatchChangeSize < 1) problems.push('--rfc2136-batch-change-size must be at least 1');
  return problems;
}

function selectorProblems(flag: string, text: string): string[] {
  try {
    parseSelector(text);
    return [];
  } catch (error) {
    return [`${flag}: ${messageOf(error)}`];
  }
}
