import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createLogger, type LogSettings } from './create-logger.ts';
import type { Logger } from './logger.ts';

const at = new Date('2026-01-02T03:04:05.678Z');

function logged(settings: LogSettings, use: (log: Logger) => void): string[] {
  const lines: string[] = [];
  use(createLogger(settings, (line) => lines.push(line), () => at));
  return lines;
}
const text: LogSettings = { logLevel: 'info', logFormat: 'text' };
const json: LogSettings = { logLevel: 'info', logFormat: 'json' };

describe('text lines', () => {
  const one = (message: string, fields?: Parameters<Logger['info']>[1]): string => logged(text, (log) => log.info(message, fields)).join('');

  it('have time, level, message and fields in their order', () =>
    assert.equal(one('record is created', { zone: 'example.org', count: 2, dry: false }), 'time="2026-01-02T03:04:05Z" level=info msg="record is created" zone=example.org count=2 dry=false\n'));
  it('quote only what needs it', () => {
    assert.equal(one('done', { name: '*.example.org', path: '/a/b_c-1@x', empty: '' }), 'time="2026-01-02T03:04:05Z" level=info msg=done name="*.example.org" path=/a/b_c-1@x empty=\n');
  });
  it('join lists', () => assert.match(one('x', { targets: ['192.0.2.1', '192.0.2.2'] }), / targets="192.0.2.1, 192.0.2.2"\n$/));
  it('escape quotes, line ends and terminal codes', () =>
    assert.match(one('a "b"\nlevel=error', { name: 'x\u001b[31m\r\u009b\u202e\u2028' }), / msg="a \\"b\\"\\nlevel=error" name="x\\u001b\[31m\\r\\u009b\\u202e\\u2028"\n$/));
});

describe('values of megabytes', () => {
  const megabytes = 'x'.repeat(3_000_000);
  for (const settings of [text, json])
    it(`are cut, and say how long they are (${settings.logFormat})`, () => {
      const [line = ''] = logged(settings, (log) => log.info(megabytes, { name: megabytes, list: [megabytes], names: Array.from({ length: 100_000 }, (_, i) => `name${i}`) }));
      assert.ok(line.length < 40_000, `${line.length} characters`);
      assert.equal(line.split('... (3000000 characters)').length, 4);
      assert.match(line, /name0.*\.\.\. \(9\d{4} more\)/);
    });
});

describe('JSON lines', () => {
  it('have level, message, time and fields', () => {
    const [line = ''] = logged(json, (log) => log.warning('skipped', { name: 'web.example.org', targets: ['192.0.2.1'], n: 1, b: true }));
    assert.equal(line, '{"level":"warning","msg":"skipped","time":"2026-01-02T03:04:05Z","name":"web.example.org","targets":["192.0.2.1"],"n":1,"b":true}\n');
  });
  it('keep their own keys', () => {
    const [line = ''] = logged(json, (log) => log.error('x', { msg: 'y', level: 'z' }));
    assert.deepEqual(JSON.parse(line), { level: 'error', msg: 'x', time: '2026-01-02T03:04:05Z', 'fields.msg': 'y', 'fields.level': 'z' });
  });
});

describe('every message is one line', () => {
  const nasty = fc.string({ unit: 'binary' });
  // oxlint-disable-next-line no-control-regex
  const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/;
  for (const settings of [text, json])
    it(`as ${settings.logFormat}`, () =>
      fc.assert(
        fc.property(nasty, nasty, (message, value) => {
          const [line = '', ...more] = logged(settings, (log) => log.info(message, { value, list: [value] }));
          assert.equal(more.length, 0);
          assert.doesNotMatch(line.slice(0, -1), control);
          assert.ok(line.endsWith('\n'));
          if (settings.logFormat === 'json') assert.equal(JSON.parse(line).value, value);
        }),
      ));
});

describe('levels', () => {
  const all = (log: Logger): void => {
    log.debug('d');
    log.info('i');
    log.warning('w');
    log.error('e');
  };
  for (const [logLevel, expected] of [['debug', 'diwe'], ['info', 'iwe'], ['warning', 'we'], ['error', 'e'], ['fatal', ''], ['panic', '']] as const)
    it(`${logLevel} logs "${expected}"`, () => {
      const letters = logged({ logLevel, logFormat: 'json' }, all).map((line) => JSON.parse(line).msg).join('');
      assert.equal(letters, expected);
    });
  it('are known to those who ask first', () => {
    const log = createLogger({ logLevel: 'warning', logFormat: 'text' }, () => {});
    assert.deepEqual([log.level, log.isEnabled('info'), log.isEnabled('warning'), log.isEnabled('error')], ['warning', false, true, true]);
    assert.equal(createLogger({ logLevel: 'panic', logFormat: 'text' }, () => {}).isEnabled('error'), false);
  });
});
