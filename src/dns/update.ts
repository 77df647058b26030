import { randomInt } from 'node:crypto';
import { classes, opcodes } from './types.ts';
import type { Message, ResourceRecord } from './wire.ts';

/** One step of an update (RFC 2136, 2.5), made in the order given. */
export type UpdateStep =
  | { readonly step: 'add'; readonly name: string; readonly type: string; readonly ttlSeconds: number; readonly data: string }
  /** Takes out one record; no error where it is not there. */
  | { readonly step: 'remove'; readonly name: string; readonly type: string; readonly data: string };

/** What must hold before anything of an update is done (RFC 2136, 2.4): that a name has no records of a type. */
export interface Absence {
  readonly name: string;
  readonly type: string;
}

/** An update of one zone: all of it is done, or nothing. */
export function updateRequest(zone: string, absent: readonly Absence[], steps: readonly UpdateStep[]): Message {
  return {
    ...request(opcodes.UPDATE),
    questions: [{ name: zone, type: 'SOA', class: classes.IN }],
    answers: absent.map(({ name, type }) => ({ name, type, class: classes.NONE, ttlSeconds: 0, data: '' })),
    authorities: steps.map(stepRecord),
  };
}

const stepRecord = (step: UpdateStep): ResourceRecord =>
  step.step === 'add'
    ? { name: step.name, type: step.type, class: classes.IN, ttlSeconds: step.ttlSeconds, data: step.data }
    : { name: step.name, type: step.type, class: classes.NONE, ttlSeconds: 0, data: step.data };

/** A request without content, with an id that nobody can guess. */
export const request = (opcode: number): Message => ({
  id: randomInt(0x10000), isResponse: false, opcode, authoritative: false, truncated: false, recursionDesired: false, rcode: 0,
  questions: [], answers: [], authorities: [], additionals: [],
});
