import { connect } from 'node:net';
import { messageOf, SoftError } from '../../errors.ts';
import { GobStream, type GobValue } from './gob.ts';

/** A server as `net` wants it. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** The parts of `host:port`, `[address]:port` or `:port`; undefined where it is none of these. */
export function parseServer(text: string): ServerAddress | undefined {
  const match = /^(?:\[(?<address>[^[\]]+)\]|(?<host>[^:[\]]*)):(?<port>\d{1,5})$/.exec(text);
  const port = Number(match?.groups?.['port']);
  if (!match || port < 1 || port > 65_535) return undefined;
  return { host: match.groups?.['address'] || match.groups?.['host'] || 'localhost', port };
}

export interface ReadLimits {
  /** How long the server may be silent, while connecting, too. v0.22 waits as long for the connection, and for ever afterwards. */
  readonly silenceMs: number;
  readonly totalMs: number;
}

export const defaultLimits: ReadLimits = { silenceMs: 30_000, totalMs: 120_000 };

/** Connects, reads the first gob value that the server sends, and hangs up. Rejects with SoftError. */
export async function readGob({ host, port }: ServerAddress, signal: AbortSignal, limits: ReadLimits = defaultLimits): Promise<GobValue> {
  signal.throwIfAborted();
  const socket = connect({ host, port });
  const end = (reason: Error): void => void socket.destroy(reason);
  const timer = setTimeout(() => end(new Error(`no complete list of endpoints within ${limits.totalMs / 1000} s`)), limits.totalMs);
  const onAbort = (): void => end(new Error('stopped', { cause: signal.reason }));
  signal.addEventListener('abort', onAbort, { once: true });
  socket.setTimeout(limits.silenceMs, () => end(new Error(`no answer for ${limits.silenceMs / 1000} s`)));
  try {
    const stream = new GobStream();
    for await (const chunk of socket) {
      const found = stream.push(chunk as Uint8Array);
      if (found) return found.value;
    }
    throw new Error('the connection ended before a complete list of endpoints');
  } catch (error) {
    throw new SoftError(`cannot read endpoints from ${host} port ${port} (--connector-source-server): ${messageOf(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    socket.destroy();
  }
}
