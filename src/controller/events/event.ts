import type { ObjectRef } from '../../endpoint/endpoint.ts';
import { keepAll } from '../../kubernetes/keep.ts';
import type { RawObject, Resource } from '../../kubernetes/object.ts';

export const eventReasons = ['RecordReady', 'RecordDeleted', 'RecordError'] as const;
export type EventReason = (typeof eventReasons)[number];
/** As in ExternalDNS v0.22, but for the last. */
export type EventAction = 'Created' | 'Updated' | 'Deleted' | 'FailedSync' | 'DeletionsHeld';

export const KubeEvent: Resource = { group: 'events.k8s.io', versions: ['v1'], plural: 'events', kind: 'Event', namespaced: true, keep: keepAll };

/** Something to be told of an object. */
export interface Occurrence {
  readonly object: ObjectRef;
  readonly reason: EventReason;
  readonly action: EventAction;
  /** The DNS name that it is about; '' for none. */
  readonly name: string;
  /** Facts as `key:value`, joined by commas; without a name a sentence. */
  readonly facts: string;
}

const controller = 'external-dns';

/** The Event of occurrences of one object, reason and action. `serial` makes its name unlike all others. */
export function eventOf(occurrences: readonly [Occurrence, ...Occurrence[]], at: Date, serial: string): RawObject {
  const [{ object, reason, action }] = occurrences;
  const regarding = { apiVersion: object.apiVersion, kind: object.kind, name: object.name, ...(object.namespace && { namespace: object.namespace }), ...(object.uid && { uid: object.uid }) };
  return {
    // an Event lies in a namespace, even that of a node
    metadata: { name: eventName(object.name, serial), namespace: object.namespace || 'default' },
    eventTime: at.toISOString().replace('Z', '000Z'),
    reportingController: controller,
    reportingInstance: cut(`${controller}/${object.source === '' ? object.name : `source/${object.source}`}`, 128),
    action,
    reason,
    type: reason === 'RecordError' ? 'Warning' : 'Normal',
    note: noteOf(occurrences),
    regarding,
    ...(object.uid && { related: regarding }),
  };
}

/** In the form of ExternalDNS v0.22; several records share one. */
function noteOf(occurrences: readonly [Occurrence, ...Occurrence[]]): string {
  const [first, ...more] = occurrences;
  // what was said last holds
  if (first.name === '') return cut(`(external-dns) ${(more.at(-1) ?? first).facts}`, longestNote);
  if (more.length === 0) return cut(`(external-dns) record:${first.name},${first.facts}`, longestNote);
  const names = [...new Set(occurrences.map((o) => o.name))];
  return cut(`(external-dns) records:${occurrences.length},first:${first.name},${first.facts},names:${names.join(' ')}`, longestNote);
}

/** A limit of the API. */
const longestNote = 1024;

const cut = (text: string, longest: number): string => {
  if (Buffer.byteLength(text) <= longest) return text;
  // a character that was cut in two becomes one that says so, of three bytes
  return `${Buffer.from(text).subarray(0, longest - 6).toString().replace(/\ufffd$/, '')}...`;
};

/** A name for an object, made from that of another. */
function eventName(name: string, serial: string): string {
  const base = name.toLowerCase().replace(/[^a-z0-9.-]/g, '-').slice(0, 253 - serial.length - 2).replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '') || 'object';
  return `${base}.${serial}`;
}
