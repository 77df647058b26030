import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Config } from '../config/config.ts';
import { flags } from '../config/flags.ts';
import { removedFlags } from '../config/removed-flags.ts';
import { parseCommandLine, type Environment, type ParseOptions } from './parse.ts';
import { SettingsError } from './settings-error.ts';

const base = ['--source=crd', '--provider=webhook', '--policy=sync'];

function parse(argv: readonly string[], env: Environment = {}, options: ParseOptions = {}): { config: Config; warnings: readonly string[] } {
  const parsed = parseCommandLine(argv, env, options);
  assert.ok('config' in parsed);
  return parsed;
}

function problems(argv: readonly string[], env: Environment = {}): readonly string[] {
  try {
    parseCommandLine(argv, env);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.problems;
  }
  return [];
}

describe('accepted', () => {
  const cases: readonly [about: string, argv: readonly string[], env: Environment, expected: Partial<Config>][] = [
    ['defaults', [], {}, { intervalMs: 60_000, registry: 'txt', txtOwnerId: 'default', managedRecordTypes: ['A', 'AAAA', 'CNAME'], awsEvaluateTargetHealth: true, domainFilter: [], enableLegacyAnnotationPrefix: true }],
    ['a value after an equals sign', ['--txt-owner-id=me'], {}, { txtOwnerId: 'me' }],
    ['a value as the next argument', ['--txt-owner-id', 'me'], {}, { txtOwnerId: 'me' }],
    ['an empty value as the next argument', ['--txt-owner-id', ''], {}, { txtOwnerId: '' }],
    ['a value with an equals sign in it', ['--txt-owner-id=a=b'], {}, { txtOwnerId: 'a=b' }],
    ['a dash as a value', ['--manifests', '-'], {}, { manifests: '-' }],
    ['a negative duration after an equals sign', ['--min-ttl=-5s'], {}, { minTtlMs: -5000 }],
    ['a bare number of seconds for --min-ttl', ['--min-ttl=72'], {}, { minTtlMs: 72_000 }],
    ['a repeated list', ['--domain-filter=a.example', '--domain-filter=b.example'], {}, { domainFilter: ['a.example', 'b.example'] }],
    ['a switch', ['--once'], {}, { once: true }],
    ['a switch that is off by no-', ['--no-exclude-unschedulable'], {}, { excludeUnschedulable: false }],
    ['a switch with a value', ['--cloudflare-proxied=true', '--dry-run=0'], {}, { cloudflareProxied: true, dryRun: false }],
    ['--events, which changes nothing', ['--events'], {}, { events: true }],
    ['two dashes at the end', ['--once', '--'], {}, { once: true }],
    ['the level warn', ['--log-level=warn'], {}, { logLevel: 'warning' }],
    ['the level trace', ['--log-level=trace'], {}, { logLevel: 'debug' }],
    ['an empty choice that may be none', ['--aws-zone-type='], {}, { awsZoneType: '' }],
    ['the scope of OCI zones can be none', ['--oci-zone-scope='], {}, { ociZoneScope: '' }],
    ['a variable', [], { EXTERNAL_DNS_TXT_OWNER_ID: 'env' }, { txtOwnerId: 'env' }],
    ['a flag before its variable', ['--txt-owner-id=flag'], { EXTERNAL_DNS_TXT_OWNER_ID: 'env' }, { txtOwnerId: 'flag' }],
    ['a flag before a bad variable', ['--interval=5m'], { EXTERNAL_DNS_INTERVAL: 'soon' }, { intervalMs: 300_000 }],
    ['a list of flags before a list of variables', ['--domain-filter=a.example'], { EXTERNAL_DNS_DOMAIN_FILTER: 'b.example' }, { domainFilter: ['a.example'] }],
    ['a list by lines, without blank ones', [], { EXTERNAL_DNS_DOMAIN_FILTER: 'a.example\r\n\n  \nb.example\n' }, { domainFilter: ['a.example', 'b.example'] }],
    ['a variable of blank lines is not set', [], { EXTERNAL_DNS_MANAGED_RECORD_TYPES: '\n\n' }, { managedRecordTypes: ['A', 'AAAA', 'CNAME'] }],
    ['an empty variable is not set', [], { EXTERNAL_DNS_TXT_OWNER_ID: '', EXTERNAL_DNS_INTERVAL: '' }, { txtOwnerId: 'default', intervalMs: 60_000 }],
    ['a switch by variable', [], { EXTERNAL_DNS_ONCE: '1' }, { once: true }],
    ['no- before the variable of a switch', ['--no-once'], { EXTERNAL_DNS_ONCE: 'true' }, { once: false }],
    ['any variable for the version', [], { EXTERNAL_DNS_VERSION: 'v0.22.0' }, { version: false }],
    ['pairs', ['--aws-sd-create-tag=a=b', '--aws-sd-create-tag=c=d'], {}, { awsSdCreateTag: { a: 'b', c: 'd' } }],
    ['rules of other providers do not hold', ['--rfc2136-min-ttl=-5s', '--rfc2136-batch-change-size=0', '--azure-config-file='], {}, { rfc2136MinTtlMs: -5000 }],
    ['a template goes with --ignore-hostname-annotation', ['--ignore-hostname-annotation', '--fqdn-template={{.Name}}.example.org'], {}, { ignoreHostnameAnnotation: true }],
    ['selectors of all kinds', ['--label-filter=tier in (front, edge),!hidden', '--annotation-filter=a!=b'], {}, { annotationFilter: 'a!=b' }],
    ['a bad gateway filter without gateways', ['--gateway-label-filter=a in ('], {}, { gatewayLabelFilter: 'a in (' }],
    ['the older request timeout', ['--request-timeout=20s'], {}, { kubeApiRequestTimeoutMs: 20_000 }],
    ['the newer request timeout before the older', ['--request-timeout=20s', '--kube-api-request-timeout=40s'], {}, { kubeApiRequestTimeoutMs: 40_000 }],
    ['the older name of --rfc2136-axfr', ['--rfc2136-tsig-axfr'], {}, { rfc2136Axfr: true }],
    ['an annotation prefix of its own, alone', ['--annotation-prefix=dns.example.org/'], {}, { enableLegacyAnnotationPrefix: false }],
    ['an annotation prefix beside the legacy one', ['--annotation-prefix=dns.example.org/', '--enable-legacy-annotation-prefix'], {}, { enableLegacyAnnotationPrefix: true }],
  ];
  for (const [about, argv, env, expected] of cases)
    it(about, () => {
      const { config } = parse([...base, ...argv], env);
      for (const [key, value] of Object.entries(expected)) assert.deepEqual(config[key as keyof Config], value, key);
    });

  it('everything by variables', () => {
    const { config } = parse([], { EXTERNAL_DNS_SOURCE: 'crd\nservice', EXTERNAL_DNS_PROVIDER: 'webhook', EXTERNAL_DNS_POLICY: 'upsert-only' });
    assert.deepEqual([config.source, config.provider, config.policy], [['crd', 'service'], 'webhook', 'upsert-only']);
  });
  it('an argument file', () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'external-dns-'));
    try {
      writeFileSync(path.join(dir, 'flags'), '# ours\n--txt-owner-id=a b\n\n--once\n');
      const { config } = parse([...base, `@${path.join(dir, 'flags')}`]);
      assert.deepEqual([config.txtOwnerId, config.once], ['a b', true]);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe('refused, and told how to mend it', () => {
  const cases: readonly [about: string, argv: readonly string[], env: Environment, problem: RegExp][] = [
    ['a missing value before a flag', ['--txt-owner-id', '--once'], {}, /^--txt-owner-id needs a value; write --txt-owner-id=VALUE$/],
    ['a missing value at the end', ['--txt-owner-id'], {}, /needs a value/],
    ['a negative value without an equals sign', ['--min-ttl', '-5s'], {}, /needs a value; write --min-ttl=-5s/],
    ['a single flag twice', ['--interval=1m', '--interval=1m'], {}, /^--interval: it is given more than once; leave one$/],
    ['a switch twice', ['--once', '--once'], {}, /more than once/],
    ['a switch on and off', ['--once', '--no-once'], {}, /--once and --no-once are one flag/],
    ['no- before a value', ['--no-txt-owner-id'], {}, /--txt-owner-id is no switch/],
    ['no- with a value', ['--no-once=true'], {}, /takes no value; write --once=true or --once=false/],
    ['an abbreviation', ['--txt-owner=me'], {}, /did you mean --txt-owner-id\?/],
    ['capitals', ['--TXT-owner-id=me'], {}, /did you mean --txt-owner-id\?/],
    ['a slip', ['--domain-fliter=x'], {}, /did you mean --domain-filter\?/],
    ['underscores', ['--dry_run'], {}, /did you mean --dry-run\?/],
    ['a flag like no other', ['--make-it-so'], {}, /unknown flag --make-it-so; --help shows all flags/],
    ['-h', ['-h'], {}, /did you mean --help\?/],
    ['a short flag', ['-x'], {}, /unknown flag -x/],
    ['a value of a switch as the next argument', ['--dry-run', 'false'], {}, /a switch takes its value after an equals sign: --dry-run=false/],
    ['a stray argument', ['web'], {}, /unexpected argument "web"/],
    ['a stray argument after two dashes', ['--', '--once'], {}, /unexpected argument "--once"/],
    ['a word for a switch', ['--once=yes'], {}, /^--once: "yes" is neither true nor false/],
    ['a word for a switch in a variable', [], { EXTERNAL_DNS_ONCE: 'yes' }, /^EXTERNAL_DNS_ONCE: "yes" is neither/],
    ['a bad duration in a variable', [], { EXTERNAL_DNS_INTERVAL: 'soon' }, /^EXTERNAL_DNS_INTERVAL: "soon" is no duration/],
    ['an unknown source in a variable', ['--no-once'], { EXTERNAL_DNS_MANAGED_RECORD_TYPES: 'A', EXTERNAL_DNS_LOG_FORMAT: 'xml' }, /^EXTERNAL_DNS_LOG_FORMAT: "xml" is not known/],
    ['a fraction', ['--kube-api-burst=1.5'], {}, /--kube-api-burst: "1.5" has a fraction/],
    ['no queries a second', ['--kube-api-qps=0'], {}, /--kube-api-qps must be greater than 0/],
    ['a share of deletions above all', ['--max-delete-percent=101'], {}, /--max-delete-percent must lie between 0 and 100/],
    ['a negative number of deletions', ['--max-delete-min=-1'], {}, /--max-delete-min must not be negative/],
    ['prefix and suffix', ['--txt-prefix=a', '--txt-suffix=b'], {}, /exclude each other/],
    ['a prefix without a slash', ['--annotation-prefix=dns.example.org'], {}, /must end in a slash/],
    ['an empty annotation prefix', ['--annotation-prefix='], {}, /must end in a slash/],
    ['no names', ['--ignore-hostname-annotation'], {}, /give --fqdn-template, too/],
    ['reverse records that are not managed', ['--create-ptr'], {}, /--managed-record-types=PTR/],
    ['a bad label filter', ['--label-filter=a in ('], {}, /^--label-filter: /],
    ['a bad annotation filter', ['--annotation-filter=a in ('], {}, /^--annotation-filter: /],
    ['a missing argument file', ['@/nonexistent/flags'], {}, /cannot read the file of arguments/],
  ];
  for (const [about, argv, env, problem] of cases)
    it(about, () => {
      const found = problems([...base, ...argv], env);
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', problem);
    });

  const withProvider = (provider: string, argv: readonly string[]) => problems(['--source=crd', '--policy=sync', `--provider=${provider}`, ...argv]);
  it('an unreadable gateway filter, with gateways', () => assert.match(problems([...base, '--source=gateway-httproute', '--gateway-label-filter=a in ('])[0] ?? '', /^--gateway-label-filter/));
  it('Azure without its file', () => assert.match(withProvider('azure', ['--azure-config-file='])[0] ?? '', /--azure-config-file is empty/));
  it('RFC 2136: each rule', () => {
    assert.match(withProvider('rfc2136', ['--rfc2136-min-ttl=-5s'])[0] ?? '', /must not be negative/);
    assert.match(withProvider('rfc2136', ['--rfc2136-batch-change-size=0'])[0] ?? '', /at least 1/);
    assert.match(withProvider('rfc2136', ['--rfc2136-gss-tsig', '--rfc2136-kerberos-realm=EXAMPLE.ORG'])[0] ?? '', /needs --rfc2136-kerberos-realm/);
    const kerberos = ['--rfc2136-kerberos-realm=R', '--rfc2136-kerberos-username=u', '--rfc2136-kerberos-password=p'];
    assert.match(withProvider('rfc2136', ['--rfc2136-gss-tsig', '--rfc2136-insecure', ...kerberos])[0] ?? '', /exclude each other/);
    assert.deepEqual(withProvider('rfc2136', ['--rfc2136-gss-tsig', ...kerberos]), []);
  });

  it('all at once, each by itself', () => {
    assert.deepEqual(problems(['--interval=often', '--bogus'], { EXTERNAL_DNS_ONCE: 'yes' }).map((p) => p.split(/[ :;]/, 2).join(' ')), ['unknown flag', '--provider is', '--source is', 'EXTERNAL_DNS_ONCE ', '--interval ', '--policy is']);
  });
  it('a policy that is not known is told once', () => assert.equal(problems(['--source=crd', '--provider=webhook', '--policy=delete-all']).length, 1));
  it('a missing policy explains the three', () => assert.match(problems(['--source=crd', '--provider=webhook']).join(), /sync creates, updates and deletes.*upsert-only.*create-only/));
  it('never with a secret in the message', () => assert.doesNotMatch(problems([...base, '--pdns-api-key=geheim', '--pdns-api-key=geheim', '--godaddy-api-secret', 'geheim', '--godaddy-api-secret=geheim']).join(), /geheim/));
});

describe('removed flags', () => {
  it('name what to do instead', () => {
    assert.match(problems([...base, '--master=http://127.0.0.1']).join(), /^--master was removed: use --server$/);
    assert.match(problems([...base, '--emit-events', 'RecordReady']).join(), /^--emit-events was removed: use --events-emit$/);
    assert.match(problems([...base, '--no-txt-new-format-only']).join(), /^--no-txt-new-format-only was removed/);
    assert.match(problems([...base, '--akamai-client-token=geheim']).join(), /^--akamai-client-token was removed: the provider akamai/);
  });
  it('are accepted with a warning where they did nothing any more', () => {
    assert.deepEqual(parse([...base, '--contour-load-balancer', 'a/b', '--once']).warnings, ['--contour-load-balancer was removed: addresses come from the status of each HTTPProxy; leave it out']);
  });
  it('removed providers and sources likewise', () => {
    assert.deepEqual(problems(['--source=crd', '--provider=digitalocean', '--policy=sync']), ['--provider: digitalocean was removed: use a webhook provider for it (--provider=webhook)']);
    assert.deepEqual(problems([...base, '--source=contour-ingressroute']), ['--source: contour-ingressroute was removed: use contour-httpproxy']);
  });
  it('are not among the flags', () => assert.deepEqual([...removedFlags.keys()].filter((name) => flags.has(name)), []));
});

describe('warnings', () => {
  it('none by default', () => assert.deepEqual(parse(base, { PATH: '/bin', HOME: '/' }).warnings, []));
  it('a deprecated flag', () => assert.deepEqual(parse([...base, '--request-timeout=20s']).warnings, ['--request-timeout is deprecated: use --kube-api-request-timeout']));
  it('a deprecated variable', () => assert.deepEqual(parse(base, { EXTERNAL_DNS_REQUEST_TIMEOUT: '20s' }).warnings, ['EXTERNAL_DNS_REQUEST_TIMEOUT is deprecated: use --kube-api-request-timeout']));
  it('a variable of no flag', () => assert.deepEqual(parse(base, { EXTERNAL_DNS_DOMAIN_FILTERS: 'x' }).warnings, ['the variable EXTERNAL_DNS_DOMAIN_FILTERS has no effect: there is no such flag; did you mean EXTERNAL_DNS_DOMAIN_FILTER?']));
  it('a variable of a removed flag', () => assert.match(parse(base, { EXTERNAL_DNS_MASTER: 'x' }).warnings.join(), /use --server/));
  it('not the variables that Kubernetes sets for a Service', () => assert.deepEqual(parse(base, { EXTERNAL_DNS_SERVICE_HOST: '10.0.0.1', EXTERNAL_DNS_PORT: 'tcp://10.0.0.1:7979', EXTERNAL_DNS_PORT_7979_TCP_ADDR: '10.0.0.1' }).warnings, []));
  it('an Event that is not known', () => assert.match(parse([...base, '--events-emit=Nonsense']).warnings.join(), /"Nonsense" is not known.*RecordReady/));
});

describe('policy', () => {
  const noPolicy = ['--source=crd', '--provider=webhook'];
  it('is sync for a dry run, with a warning', () => {
    const { config, warnings } = parse([...noPolicy, '--dry-run']);
    assert.equal(config.policy, 'sync');
    assert.match(warnings.join(), /--policy=sync/);
  });
  it('is sync for commands that change nothing', () => assert.equal(parse(noPolicy, {}, { assumePolicy: true }).config.policy, 'sync'));
});

describe('--help and --version', () => {
  const exitOf = (argv: readonly string[]): string | undefined => {
    const parsed = parseCommandLine(argv, {});
    return 'exit' in parsed ? parsed.exit : undefined;
  };
  it('win over all that is missing or bad', () => {
    assert.equal(exitOf(['--help']), 'help');
    assert.equal(exitOf(['--interval=often', '--help']), 'help');
    assert.equal(exitOf(['--version', '--source=nothing']), 'version');
    assert.equal(exitOf(['--version', '--bogus']), 'version');
  });
  it('do not win over an unknown flag before them', () => {
    assert.throws(() => parseCommandLine(['--bogus', '--version'], {}), SettingsError);
    assert.throws(() => parseCommandLine(['--bogus', '--help'], {}), SettingsError);
  });
  it('the help has every flag, in no more than 100 columns', () => {
    const parsed = parseCommandLine(['--help'], {});
    assert.ok('text' in parsed);
    for (const [name, flag] of flags) if (!('fileOf' in flag)) assert.match(parsed.text, new RegExp(`^  --(\\[no-\\])?${name}(=|$)`, 'm'));
    assert.deepEqual(parsed.text.split('\n').filter((line) => line.length > 100), []);
  });
  it('the version is one line', () => {
    const parsed = parseCommandLine(['--version'], {});
    assert.ok('text' in parsed);
    assert.match(parsed.text, /^external-dns v\d+\.\d+\.\d+\n$/);
  });
});

describe('any arguments', () => {
  it('end in settings, an exit or a SettingsError', () => {
    const argument = fc.oneof(fc.string(), fc.constantFrom(...flags.keys()).map((name) => `--${name}`), fc.tuple(fc.constantFrom(...flags.keys()), fc.string()).map(([name, text]) => `--${name}=${text}`));
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 6 }), (argv) => {
        try {
          parseCommandLine(argv, {});
        } catch (error) {
          assert.ok(error instanceof SettingsError && error.problems.length > 0);
        }
      }),
    );
  });
});
