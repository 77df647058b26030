import { ConfigurationError, SoftError } from '../../errors.ts';
import type { Agents } from './agents.ts';
import { RequestError, requestError, requestName } from './errors.ts';
import type { HttpResponse, PreparedRequest, Send } from './types.ts';

/** Sends a request once. Rejects with RequestError, with the reason of `signal`, or with ConfigurationError where a proxy or certificates cannot be used. */
export const transport =
  (agents: Agents): Send =>
  async (request, signal) => {
    signal.throwIfAborted();
    // own controller and listeners: AbortSignal.any() on a signal that lives as long as the process keeps memory
    const stop = new AbortController();
    const abort = (): void => stop.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const { timeoutMs = 0 } = request;
    const timer = timeoutMs > 0 ? setTimeout(() => stop.abort(new RequestError(`${requestName(request.method, request.url)}: no answer within ${timeoutMs / 1000} s`, 'timeout')), timeoutMs) : undefined;
    try {
      return await exchange(agents, request, stop.signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (stop.signal.aborted) throw stop.signal.reason;
      throw error instanceof SoftError || error instanceof ConfigurationError ? error : requestError(request, error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  };

async function exchange(agents: Agents, request: PreparedRequest, signal: AbortSignal): Promise<HttpResponse> {
  const { url, method, headers, body, onBody, maxBodyBytes = 0 } = request;
  const answer = await agents.for(url).request({ origin: url.origin, path: url.pathname + url.search, method, headers: withCredentials(url, headers), body: body ?? null, signal });
  const announced = Number(answer.headers['content-length']);
  const tooLarge = (): RequestError => new RequestError(`${requestName(method, url)}: the answer has more than the ${maxBodyBytes} bytes that are allowed`, 'too-large');
  if (maxBodyBytes > 0 && announced > maxBodyBytes) {
    answer.body.on('error', () => {}).destroy();
    throw tooLarge();
  }
  onBody?.start(answer.statusCode);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    // leaving the loop ends the connection
    if (maxBodyBytes > 0 && size > maxBodyBytes) throw tooLarge();
    if (onBody) onBody.chunk(chunk);
    else chunks.push(chunk);
  }
  return responseOf(answer.statusCode, answer.headers, chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks), requestName(method, url));
}

/** An answer from its parts; also for tests. */
export function responseOf(status: number, headers: Readonly<Record<string, string | readonly string[] | undefined>>, body: Buffer, name = 'answer'): HttpResponse {
  return {
    status,
    header(wanted) {
      const value = headers[wanted.toLowerCase()];
      return typeof value === 'string' ? value : value?.[0];
    },
    body,
    text: () => body.toString('utf8'),
    json() {
      try {
        return JSON.parse(body.toString('utf8')) as unknown;
      } catch (error) {
        // the parser's own message quotes the body, which may hold secrets
        throw new SoftError(`${name}: the answer (status ${status}, ${body.length} bytes) is no JSON`, error instanceof SyntaxError ? {} : { cause: error });
      }
    },
  };
}

/** User and password in a URL become basic authentication. */
function withCredentials(url: URL, headers: PreparedRequest['headers'] = {}): Record<string, string> {
  if (!url.username && !url.password) return { ...headers };
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}`, ...headers };
}
