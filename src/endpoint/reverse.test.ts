import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reverseName } from './reverse.ts';

describe('reverse names', () => {
  const cases: readonly (readonly [address: string, name: string | undefined])[] = [
    ['192.0.2.10', '10.2.0.192.in-addr.arpa'],
    ['2001:db8::567:89ab', 'b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
    ['::ffff:192.0.2.1', '1.2.0.192.in-addr.arpa'],
    ['web.example.org', undefined],
    ['192.0.2', undefined],
    ['', undefined],
  ];
  for (const [address, name] of cases) it(`of ${JSON.stringify(address)} is ${name}`, () => assert.equal(reverseName(address), name));
});
