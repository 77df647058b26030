import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createProtection } from './protection.ts';

const zoneOf = (name: string): string | undefined => (name.endsWith('example.org') ? 'example.org' : undefined);

describe('createProtection', () => {
  const cases: readonly [about: string, pattern: string, name: string, recordType: string, stands: boolean, isProtected: boolean][] = [
    ['NS of a zone', '', 'example.org', 'NS', true, true],
    ['NS of a zone that the provider does not show', '', 'example.org', 'NS', false, true],
    ['SOA of a zone', '', 'example.org', 'SOA', true, true],
    ['another type at the apex', '', 'example.org', 'A', true, false],
    ['a delegation below the apex', '', 'sub.example.org', 'NS', true, false],
    ['NS where zones are not known', '', 'example.net', 'NS', true, false],
    ['a name that matches', '^www\\.', 'www.example.org', 'A', true, true],
    ['a name that matches and does not stand yet', '^www\\.', 'www.example.org', 'A', false, false],
    ['a name that does not match', '^www\\.', 'api.example.org', 'A', true, false],
    ['a name that matches in Unicode', '^bücher\\.', 'xn--bcher-kva.example.org', 'A', true, true],
  ];
  for (const [about, pattern, name, recordType, stands, isProtected] of cases)
    it(`${isProtected ? 'protects' : 'does not protect'} ${about}`, async () => {
      const protects = await createProtection(pattern, zoneOf);
      assert.equal(protects(name, recordType, stands) !== undefined, isProtected);
    });
});
