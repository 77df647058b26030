import type { Config } from '../../config/config.ts';
import { ConfigurationError } from '../../errors.ts';
import { currentNamespace } from '../../kubernetes/connect.ts';
import type { RegistryDeps } from '../index.ts';
import type { Registry } from '../registry.ts';
import { CRDRegistry } from './crd-registry.ts';

/** What the value of a label may be (Kubernetes, "Labels and Selectors"). */
const labelValue = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

/** Ownership in DNSRecord objects of the cluster. Throws ConfigurationError. */
export function create(options: Config, { cluster, env, log }: RegistryDeps): Registry {
  const ownerId = options.txtOwnerId;
  if (ownerId === '') throw new ConfigurationError('--txt-owner-id must not be empty with --registry=crd: it tells our records from those of others');
  if (!labelValue.test(ownerId)) throw new ConfigurationError(`--txt-owner-id=${ownerId} must be a label value with --registry=crd: at most 63 letters, digits, dots, dashes and underscores`);
  if (!cluster) throw new ConfigurationError('--registry=crd needs a cluster to keep its DNSRecords in');
  const namespace = options.crdRegistryNamespace || currentNamespace(options, { ...env });
  return new CRDRegistry({ ownerId, oldOwnerId: options.migrateFromTxtOwner, namespace, cluster, log, now: () => new Date() });
}
