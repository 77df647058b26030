import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Change } from '../../endpoint/change.ts';
import { endpoint, ownedRecordLabel } from '../../endpoint/endpoint.ts';
import { checkWildcards } from './wildcards.ts';

describe('wildcards that are no whole label', () => {
  const txt = (dnsName: string, owned?: string): Change => ({ action: 'create', after: endpoint({ dnsName, recordType: 'TXT', targets: ['x'], labels: owned === undefined ? {} : { [ownedRecordLabel]: owned } }) });
  const cases: readonly { title: string; change: Change; refused: boolean }[] = [
    { title: 'the ownership record of a wildcard', change: txt('a-*.example.org', '*.example.org'), refused: true },
    { title: 'one with a prefix', change: txt('p.a-*.example.org', '*.example.org'), refused: true },
    { title: 'one that is a wildcard itself', change: txt('*.example.org', '*.example.org'), refused: false },
    { title: 'one with a word in place of the asterisk', change: txt('a-any.example.org', '*.example.org'), refused: false },
    { title: 'a record of its own is left to the API', change: txt('a-*.example.org'), refused: false },
    { title: 'what goes', change: { action: 'delete', before: endpoint({ dnsName: 'a-*.example.org', recordType: 'TXT', targets: ['x'], labels: { [ownedRecordLabel]: '*.example.org' } }) }, refused: false },
  ];
  for (const { title, change, refused } of cases)
    it(title, () => {
      if (refused) assert.throws(() => checkWildcards([change], 'Example DNS'), /ownership record of \*\.example\.org.*Example DNS does not take: set --txt-wildcard-replacement/);
      else checkWildcards([change], 'Example DNS');
    });
});
