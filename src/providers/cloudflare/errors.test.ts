import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigurationError, SoftError } from '../../errors.ts';
import { type HttpResponse } from '../../http/client/index.ts';
import { responseOf } from '../../http/client/transport.ts';
import { answerError, RefusedError } from './errors.ts';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): HttpResponse => responseOf(status, headers, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
const refusal = (code: number, message: string, chain: readonly { code: number; message: string }[] = []): object => ({ success: false, errors: [{ code, message, ...(chain.length && { error_chain: chain }) }], result: null });

describe('answers that are errors', () => {
  const cases: readonly { readonly title: string; readonly given: HttpResponse; readonly type: abstract new (...args: never[]) => Error; readonly says: RegExp }[] = [
    { title: '6003 with 6111: a token of no valid form', given: answer(400, refusal(6003, 'Invalid request headers', [{ code: 6111, message: 'Invalid format for Authorization header' }])), type: ConfigurationError, says: /6111.*the token has no valid form.*CF_API_KEY.*\(credentials of CF_API_TOKEN\)/ },
    { title: '6003 alone', given: answer(400, refusal(6003, 'Invalid request headers')), type: ConfigurationError, says: /no valid form/ },
    { title: '9109: not for this zone', given: answer(403, refusal(9109, 'Unauthorized to access requested resource')), type: ConfigurationError, says: /Zone:Read and DNS:Edit/ },
    { title: '10000: wrong, or a permission is missing', given: answer(403, refusal(10_000, 'Authentication error')), type: ConfigurationError, says: /wrong, has ended, or lacks a permission/ },
    { title: '9103 with 403: key and address', given: answer(403, refusal(9103, 'Unknown X-Auth-Key or X-Auth-Email')), type: ConfigurationError, says: /do not belong together/ },
    { title: '9103 with 400 is about the record', given: answer(400, refusal(9103, 'priority is a required field')), type: RefusedError, says: /priority/ },
    { title: 'a TTL that is too small', given: answer(400, refusal(9021, 'Invalid TTL.')), type: RefusedError, says: /9021.*least TTL is 60 s/ },
    { title: 'a 403 of a feature does not stop all else', given: answer(403, refusal(1404, 'Not enabled')), type: RefusedError, says: /Cloudflare for SaaS/ },
    { title: 'a success that says it is none', given: answer(200, refusal(1, 'odd')), type: RefusedError, says: /odd \(1\)/ },
    { title: 'a gateway that answers in HTML', given: answer(502, '<html>', { 'content-type': 'text/html' }), type: SoftError, says: /status 502$/ },
    { title: 'too many calls', given: answer(429, refusal(10_429, 'Rate limited'), { 'retry-after': '7' }), type: SoftError, says: /Rate limited/ },
  ];
  for (const { title, given, type, says } of cases)
    it(title, () => {
      const error = answerError('cloudflare: GET zones', given, 'CF_API_TOKEN');
      assert.ok(error instanceof type, `${error?.constructor.name}`);
      assert.match(error.message, says);
      if (given.status === 429) assert.equal(error instanceof SoftError && error.retryAfterMs, 7000);
    });

  it('a success is none', () => assert.equal(answerError('cloudflare: GET zones', answer(200, { success: true, result: [] }), 'CF_API_TOKEN'), undefined));
});
