import { StringDecoder } from 'node:string_decoder';
import { SoftError } from '../../errors.ts';
import { asRecord, asText, isRecord } from '../keep.ts';
import type { RawObject } from '../object.ts';

export interface WatchEvent {
  /** ADDED, MODIFIED, DELETED, BOOKMARK, ERROR; others are to be ignored. */
  readonly type: string;
  readonly object: RawObject;
}

/**
 * The events of a watch, gathered as they arrive: one batch for each piece of the stream that completes a line.
 * Half a line at the end is dropped: it comes again when the watch is resumed. A whole line that is no event rejects with SoftError.
 */
export async function* watchEvents(stream: AsyncIterable<Buffer>): AsyncGenerator<readonly WatchEvent[]> {
  const decoder = new StringDecoder('utf8');
  let pieces: string[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const text = decoder.write(chunk);
    const end = text.lastIndexOf('\n');
    if (end < 0) {
      length += text.length;
      if (length > maxLineLength) throw new SoftError(`the watch gave a line of more than ${maxLineLength} characters`);
      pieces.push(text);
      continue;
    }
    const lines = (pieces.join('') + text.slice(0, end)).split('\n');
    pieces = [text.slice(end + 1)];
    length = text.length - end - 1;
    const events = lines.filter((line) => line.trim() !== '').map(parseEvent);
    if (events.length > 0) yield events;
  }
}

function parseEvent(line: string): WatchEvent {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch (error) {
    throw new SoftError('the watch gave a line that is not JSON', { cause: error });
  }
  const type = asText(asRecord(event)['type']);
  const object = asRecord(event)['object'];
  if (type === undefined || !isRecord(object)) throw new SoftError('the watch gave a line that is no event');
  return { type, object };
}

/** Etcd holds no more than 1.5 MB of an object. */
const maxLineLength = 32 << 20;
