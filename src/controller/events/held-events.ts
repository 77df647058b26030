import { hostname } from 'node:os';
import type { Config } from '../../config/config.ts';
import type { ObjectRef } from '../../endpoint/endpoint.ts';
import type { ClusterWriter } from '../../kubernetes/cluster.ts';
import { currentNamespace } from '../../kubernetes/connect.ts';
import { asRecord, asText } from '../../kubernetes/keep.ts';
import { Pod } from '../../kubernetes/resources/core.ts';
import { describeHeld, type HeldPlan } from '../../plan/brake.ts';
import type { Occurrence } from './event.ts';

/** The pod that the program runs in, as far as is known: POD_NAME or the name of the host, in POD_NAMESPACE or that of the service account or context. */
export async function ownPod(options: Pick<Config, 'server' | 'kubeconfig'>, env: NodeJS.ProcessEnv, writer: Pick<ClusterWriter, 'get'>, signal: AbortSignal): Promise<ObjectRef> {
  const namespace = currentNamespace(options, env);
  const name = env['POD_NAME']?.trim() || hostname();
  // kubectl describe shows only Events with the uid of the pod; without the right to read it, or outside of a cluster, it goes without
  const pod = await writer.get(Pod, namespace, name, signal).catch(() => undefined);
  return { apiVersion: 'v1', kind: 'Pod', namespace, name, uid: asText(asRecord(pod?.['metadata'])['uid']) ?? '', source: '' };
}

/** What is to be told of deletions that the brake holds: their objects are gone, so it is told at the pod of the program. */
export function occurrenceOfHeld({ zones, records, checksum }: HeldPlan, pod: ObjectRef): Occurrence {
  const first = records.slice(0, shownRecords).join(', ');
  const more = records.length > shownRecords ? ` and ${records.length - shownRecords} more` : '';
  return {
    object: pod,
    reason: 'RecordError',
    action: 'DeletionsHeld',
    name: '',
    facts: `deletions are held: ${zones.map(describeHeld).join('; ')}; if they are meant, let them go with: external-dns approve ${checksum}; first: ${first}${more}`,
  };
}

const shownRecords = 10;
