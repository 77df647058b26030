import type { ChangeGroup } from '../../endpoint/change.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { endpointToJSON } from '../../endpoint/json.ts';
import type { Known } from '../provider.ts';
import { receivedEndpoint } from './received.ts';

/** Bytes of the parts that a body is written and read in. */
const partLength = 64 * 1024;

/** A JSON list of endpoints. Made piece by piece: the whole never stands in memory as objects and as text. */
export function encodeEndpoints(endpoints: Iterable<Endpoint>): Buffer {
  const writer = new JsonWriter();
  writer.list(endpoints);
  return writer.end();
}

/** The changes of groups, in their order: creates, both sides of updates, deletes; in the form that ExternalDNS v0.22 would announce. */
export function encodeChanges(groups: readonly ChangeGroup[]): Buffer {
  const lists: { readonly create: Endpoint[]; readonly updateOld: Endpoint[]; readonly updateNew: Endpoint[]; readonly delete: Endpoint[] } = { create: [], updateOld: [], updateNew: [], delete: [] };
  for (const group of groups)
    for (const planned of group.changes) {
      const change = planned.announced ?? planned;
      if (change.action === 'create') lists.create.push(change.after);
      else if (change.action === 'delete') lists.delete.push(change.before);
      else {
        lists.updateOld.push(change.before);
        lists.updateNew.push(change.after);
      }
    }
  const writer = new JsonWriter();
  let separator = '{';
  for (const [name, endpoints] of Object.entries(lists)) {
    if (endpoints.length === 0) continue;
    writer.text(`${separator}"${name}":`);
    writer.list(endpoints);
    separator = ',';
  }
  writer.text(separator === '{' ? '{}' : '}');
  return writer.end();
}

/** Puts texts into bytes at once, so that none of them lives on. */
class JsonWriter {
  #part = Buffer.allocUnsafe(partLength);
  #used = 0;
  readonly #parts: Buffer[] = [];

  text(text: string): void {
    const length = Buffer.byteLength(text);
    if (length > this.#part.length - this.#used) {
      this.#parts.push(this.#part.subarray(0, this.#used));
      this.#part = Buffer.allocUnsafe(Math.max(partLength, length));
      this.#used = 0;
    }
    this.#used += this.#part.write(text, this.#used);
  }

  list(endpoints: Iterable<Endpoint>): void {
    let separator = '[';
    for (const e of endpoints) {
      this.text(separator);
      this.text(JSON.stringify(endpointToJSON(e)));
      separator = ',';
    }
    this.text(separator === '[' ? '[]' : ']');
  }

  end(): Buffer {
    return Buffer.concat([...this.#parts, this.#part.subarray(0, this.#used)]);
  }
}

/**
 * The endpoints of a JSON list (null counts as an empty one) in the chunks of a body, which are emptied on the way. The list is parsed in pieces of
 * some 64 KiB, so that 200,000 records need no more memory than what they become; what is `known` becomes nothing new.
 * Throws SyntaxError for what is no JSON, and Error for what is no list of endpoints.
 */
export function decodeEndpoints(chunks: Buffer[], known: Known = (record) => record): Endpoint[] {
  const endpoints: Endpoint[] = [];
  const pieces = new ListSplitter((json) => {
    for (const value of JSON.parse(json) as unknown[]) endpoints.push(known(receivedEndpoint(value)));
  });
  for (let chunk = chunks.shift(); chunk; chunk = chunks.shift()) pieces.push(chunk);
  pieces.end();
  return endpoints;
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

/** Cuts a JSON list at commas between its elements. Only finds the cuts: whether it is JSON at all is for the parser to say. */
class ListSplitter {
  readonly #take: (jsonList: string) => void;
  #rest: Buffer[] = [];
  #restLength = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #cut = false;
  #length = 0;

  constructor(take: (jsonList: string) => void) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i];
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) this.#inString = false;
        else {
          // most bytes stand in strings: go to the next that ends it
          i = nextSpecial(chunk, i) - 1;
        }
        continue;
      }
      if (byte === quote) this.#inString = true;
      else if (byte !== undefined && opening.has(byte)) this.#depth++;
      else if (byte !== undefined && closing.has(byte)) this.#depth--;
      else if (byte === comma && this.#depth === 1 && this.#restLength + i - from >= partLength) {
        this.#keep(chunk.subarray(from, i));
        this.#flush(']');
        this.#cut = true;
        from = i + 1;
      }
    }
    this.#keep(chunk.subarray(from));
    this.#length += chunk.length;
  }

  end(): void {
    const text = Buffer.concat(this.#rest).toString('utf8');
    if (!this.#cut && text.trim() === 'null') return;
    if (this.#length === 0) throw new SyntaxError('the body is empty');
    if (!this.#cut && !text.trimStart().startsWith('[')) throw new Error('the body is no list');
    this.#flush('');
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#rest.push(part);
    this.#restLength += part.length;
  }

  #flush(end: string): void {
    const text = `${this.#cut ? '[' : ''}${Buffer.concat(this.#rest).toString('utf8')}${end}`;
    this.#rest = [];
    this.#restLength = 0;
    this.#take(text);
  }
}

/** The index of the next quote or backslash, or the length. */
function nextSpecial(chunk: Buffer, from: number): number {
  let i = from;
  while (i < chunk.length && chunk[i] !== quote && chunk[i] !== backslash) i++;
  return i;
}
