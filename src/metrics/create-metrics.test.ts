import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { metricCatalogue } from './catalogue.ts';
import { createMetrics } from './create-metrics.ts';

const lineOf = (text: string, start: string): string | undefined => text.split('\n').find((line) => line.startsWith(start));

describe('metrics', () => {
  it('are shown with their values', async () => {
    const metrics = createMetrics();
    metrics.add('source_errors_total');
    metrics.add('source_errors_total', {}, 2);
    metrics.set('source_records', 7, { record_type: 'A' });
    metrics.observe('http_request_duration_seconds', 0.25, { handler: 'kubernetes', scheme: 'https', host: 'api', path: '', method: 'GET', status: '200' });
    const before = await metrics.text();
    assert.equal(lineOf(before, 'external_dns_source_errors_total'), 'external_dns_source_errors_total 3');
    assert.equal(lineOf(before, 'external_dns_source_records{'), 'external_dns_source_records{record_type="A"} 7');
    assert.match(lineOf(before, 'external_dns_http_request_duration_seconds_count') ?? '', /handler="kubernetes".* 1$/);
    // also once the library is loaded
    metrics.add('source_errors_total');
    metrics.set('source_records', 8, { record_type: 'A' });
    const after = await metrics.text();
    assert.equal(lineOf(after, 'external_dns_source_errors_total'), 'external_dns_source_errors_total 4');
    assert.equal(lineOf(after, 'external_dns_source_records{'), 'external_dns_source_records{record_type="A"} 8');
  });
  it('are at zero from the start where they have no labels', async () => {
    const text = await createMetrics().text();
    for (const { name, labels, type } of metricCatalogue) {
      if (labels.length > 0 || type === 'summary') continue;
      const shown = `external_dns_${name}${type === 'histogram' ? '_count' : ''}`;
      assert.equal(lineOf(text, `${shown} `), `${shown} 0`);
    }
  });
  it('say what is running', async () => assert.match(lineOf(await createMetrics().text(), 'external_dns_build_info{') ?? '', /go_version="node \d.*version="v\d+\.\d+\.\d+"\} 1$/));
  it('show the process', async () => assert.match(await createMetrics().text(), /^process_resident_memory_bytes \d/m));
  it('forget the values of a gauge', async () => {
    const metrics = createMetrics();
    metrics.set('source_records', 7, { record_type: 'A' });
    metrics.reset('source_records');
    metrics.set('source_records', 1, { record_type: 'TXT' });
    const text = await metrics.text();
    assert.deepEqual(text.split('\n').filter((line) => line.startsWith('external_dns_source_records{')), ['external_dns_source_records{record_type="TXT"} 1']);
  });
  it('keep what is counted before anybody looks, however much', async () => {
    const metrics = createMetrics();
    for (let i = 0; i < 2500; i++) metrics.add('controller_no_op_runs_total');
    assert.equal(lineOf(await metrics.text(), 'external_dns_controller_no_op_runs_total '), 'external_dns_controller_no_op_runs_total 2500');
  });
  it('escape what labels hold', async () => {
    const metrics = createMetrics();
    metrics.set('registry_records', 1, { record_type: 'a"b\n\\' });
    assert.equal(lineOf(await metrics.text(), 'external_dns_registry_records{'), String.raw`external_dns_registry_records{record_type="a\"b\n\\"} 1`);
  });
  it('are refused where they are not in the catalogue', () => {
    const metrics = createMetrics();
    assert.throws(() => metrics.add('nonsense'), /not in the catalogue/);
    assert.throws(() => metrics.set('source_errors_total', 1), /is a counter/);
    assert.throws(() => metrics.set('source_records', 1, { nonsense: 'x' }), /has no label nonsense/);
  });
});

describe('the catalogue', () => {
  it('has each name once, with its help', () => {
    assert.equal(new Set(metricCatalogue.map((metric) => metric.name)).size, metricCatalogue.length);
    assert.deepEqual(metricCatalogue.filter(({ name, help }) => !/^[a-z][a-z0-9_]*$/.test(name) || !help.endsWith('.')), []);
  });
  it('has every metric that the program names', () => {
    const known = new Set(metricCatalogue.map((metric) => metric.name));
    const named = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .flatMap((file) => [...readFileSync(path.join('src', file), 'utf8').matchAll(/metrics\??\.(?:add|set|observe|reset)\(\s*'([^']+)'/g)].map(([, name]) => name ?? ''));
    assert.ok(named.length > 0, 'no metric is named in src/');
    assert.deepEqual([...new Set(named)].filter((name) => !known.has(name)), []);
  });
});
