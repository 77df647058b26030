import { FormatError } from './names.ts';
import { classes, opcodes } from './types.ts';
import { request } from './update.ts';
import type { Message, ResourceRecord } from './wire.ts';

/** The version of a zone. */
export interface Soa {
  readonly serial: number;
  /** All of the SOA record, to see that nothing else of it has changed. */
  readonly data: string;
}

/** What came of a transfer. */
export type Transfer =
  /** The zone is as it was at the version that was given. */
  | { readonly kind: 'same' }
  /** The whole zone, without its SOA. */
  | { readonly kind: 'whole'; readonly soa: Soa; readonly records: readonly ResourceRecord[] }
  /** What has changed since, in order. */
  | { readonly kind: 'changes'; readonly soa: Soa; readonly steps: readonly TransferStep[] }
  /** The server does not say what has changed: the whole zone must be asked for. */
  | { readonly kind: 'unknown' };

export interface TransferStep {
  readonly deleted: readonly ResourceRecord[];
  readonly added: readonly ResourceRecord[];
}

/** Asks for a zone (AXFR, RFC 5936), or for what has changed since a version (IXFR, RFC 1995). */
export function transferRequest(zone: string, since?: Soa): Message {
  return {
    ...request(opcodes.QUERY),
    questions: [{ name: zone, type: since ? 'IXFR' : 'AXFR', class: classes.IN }],
    authorities: since ? [{ name: zone, type: 'SOA', class: classes.IN, ttlSeconds: 0, data: since.data }] : [],
  };
}

type Phase = 'first' | 'second' | 'whole' | 'deleting' | 'adding' | 'done';

/** Puts the messages of a transfer together. Throws FormatError for what is none. */
export class TransferReader {
  readonly #zone: string;
  readonly #since: Soa | undefined;
  readonly #records: ResourceRecord[] = [];
  readonly #steps: { readonly deleted: ResourceRecord[]; readonly added: ResourceRecord[] }[] = [];
  #phase: Phase = 'first';
  #soa: Soa | undefined;
  /** Serial of the version that the last step leads to. */
  #reached = 0;
  #result: Transfer | undefined;

  constructor(zone: string, since?: Soa) {
    this.#zone = plainName(zone);
    this.#since = since;
  }

  /** The transfer, once all its messages are there. */
  get result(): Transfer | undefined {
    return this.#result;
  }

  take(message: Message): void {
    for (const record of message.answers) this.#take(record);
    // a lone SOA that answers an IXFR: nothing is said of what has changed
    if (this.#phase === 'first') throw new FormatError('the transfer begins with a message without records');
    if (this.#phase === 'second' && this.#since) this.#end({ kind: 'unknown' });
  }

  #take(record: ResourceRecord): void {
    if (this.#phase === 'done') {
      // a server that sends the zone nevertheless
      if (this.#result?.kind === 'same' || this.#result?.kind === 'unknown') return;
      throw new FormatError('records follow the end of the transfer');
    }
    if (record.type !== 'SOA') return this.#takeRecord(record);
    if (plainName(record.name) !== this.#zone) throw new FormatError('the transfer has an SOA record of another zone');
    this.#takeSoa({ serial: serialOf(record), data: record.data });
  }

  #takeSoa(soa: Soa): void {
    const end = this.#soa;
    if (!end) {
      this.#soa = soa;
      this.#phase = 'second';
      if (this.#since?.serial === soa.serial) this.#end(this.#since.data === soa.data ? { kind: 'same' } : { kind: 'unknown' });
    } else if (this.#phase === 'second' && this.#since?.serial === soa.serial) this.#beginStep();
    else if (this.#phase === 'second' || this.#phase === 'whole') {
      if (soa.serial !== end.serial) throw new FormatError('the transfer ends with another serial than it began with');
      this.#end({ kind: 'whole', soa: end, records: this.#records });
    } else if (this.#phase === 'deleting') {
      this.#reached = soa.serial;
      this.#phase = 'adding';
    } else if (soa.serial !== this.#reached) throw new FormatError('the transfer leaves out a version');
    else if (soa.serial === end.serial) this.#end({ kind: 'changes', soa: end, steps: this.#steps });
    else this.#beginStep();
  }

  #takeRecord(record: ResourceRecord): void {
    if (this.#phase === 'first') throw new FormatError('the transfer does not begin with an SOA record');
    if (this.#phase === 'second') this.#phase = 'whole';
    if (record.class !== classes.IN) return;
    if (this.#phase === 'whole') this.#records.push(record);
    else this.#steps.at(-1)?.[this.#phase === 'deleting' ? 'deleted' : 'added'].push(record);
  }

  #beginStep(): void {
    this.#steps.push({ deleted: [], added: [] });
    this.#phase = 'deleting';
  }

  #end(result: Transfer): void {
    this.#result = result;
    this.#phase = 'done';
  }
}

const serialOf = (record: ResourceRecord): number => Number(record.data.split(' ')[2]);
const plainName = (name: string): string => (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase();
