import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { flags } from '../config/flags.ts';
import { parseCommandLine } from './parse.ts';
import { shownSettings } from './settings-shown.ts';

const shown = (...argv: string[]) => {
  const parsed = parseCommandLine(['--source=crd', '--provider=webhook', '--policy=sync', ...argv], {});
  assert.ok('config' in parsed);
  const { source, provider, policy, ...rest } = shownSettings(parsed.config);
  assert.deepEqual([source, provider, policy], [['crd'], 'webhook', 'sync']);
  return rest;
};

describe('the settings in the log', () => {
  it('are those that differ from the defaults', () => {
    assert.deepEqual(shown(), {});
    assert.deepEqual(shown('--interval=90s', '--once', '--domain-filter=example.org', '--txt-owner-id=me', '--kube-api-qps=5', '--aws-sd-create-tag=a=b'), {
      once: true,
      interval: '90s',
      'txt-owner-id': 'me',
      'domain-filter': ['example.org'],
      'aws-sd-create-tag': ['a=b'],
    });
  });
  it('hide every secret', () => {
    const secrets = [...flags].filter(([, flag]) => 'secret' in flag).map(([name]) => name);
    assert.ok(secrets.length >= 10);
    const log = shown(...secrets.map((name) => `--${name}=geheim`));
    assert.deepEqual(Object.keys(log).toSorted(), secrets.toSorted());
    assert.doesNotMatch(JSON.stringify(log), /geheim/);
  });
  it('hide passwords in URLs', () => assert.deepEqual(shown('--webhook-provider-url=http://me:geheim@127.0.0.1:8888/x'), { 'webhook-provider-url': 'http://me:******@127.0.0.1:8888/x' }));
  it('every flag that sounds like a secret is one', () => {
    const suspicious = [...flags].filter(([name, flag]) => flag.type === 'string' && /(secret|password|api-?key|aes-key)$/.test(name) && !('secret' in flag)).map(([name]) => name);
    assert.deepEqual(suspicious, []);
  });
});
