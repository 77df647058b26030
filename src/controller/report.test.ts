import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endpoint } from '../endpoint/endpoint.ts';
import { silentLogger } from '../log/logger.ts';
import { FailureReport } from './report.ts';

/** What is told of so many failures for one reason: the lines of level error, a word and the names each. */
function told(failures: readonly { readonly count: number; readonly alone: boolean }[]): string[] {
  const lines: string[] = [];
  const report = new FailureReport();
  let n = 0;
  for (const { count, alone } of failures)
    for (let i = 0; i < count; i++) {
      const name = `n${n++}.example.org`;
      const group = { name, setIdentifier: '', changes: [{ action: 'create' as const, after: endpoint({ dnsName: name, recordType: 'A', targets: ['192.0.2.1'] }) }], reason: '' };
      report.add({ group, result: 'failed', error: new Error('the quota is used up'), state: 'unchanged', ...(alone && { alone }) }, 1000);
    }
  report.tell({ ...silentLogger, error: (message, fields = {}) => void lines.push(`${message.split(' ')[0]} ${[fields['names'] ?? fields['name']].flat().join(' ')}`) });
  return lines;
}

const names = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `n${from + i}.example.org`);

describe('FailureReport', () => {
  const cases: readonly [about: string, failures: Parameters<typeof told>[0], lines: readonly string[]][] = [
    ['a line for each of a few', [{ count: 5, alone: false }], names(0, 5).map((name) => `record ${name}`)],
    ['one line for many that failed together', [{ count: 6, alone: false }], [`many ${names(0, 5).join(' ')}`]],
    ['a line for each that failed by itself, however many', [{ count: 8, alone: true }], names(0, 8).map((name) => `record ${name}`)],
    ['those that failed by themselves beside many others', [{ count: 2, alone: true }, { count: 6, alone: false }], [`many ${names(2, 7).join(' ')}`, ...names(0, 2).map((name) => `record ${name}`)]],
  ];
  for (const [about, failures, lines] of cases) it(`tells ${about}`, () => assert.deepEqual(told(failures), lines));
});
