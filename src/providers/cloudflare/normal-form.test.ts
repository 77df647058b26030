import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { normalForm, type Settings } from './normal-form.ts';
import { booleanOf, names } from './properties.ts';

const flags: Settings = { proxied: false, comment: '', customHostnames: false, regionalServices: false, regionKey: '' };

interface Wish {
  readonly type?: string;
  readonly ttl?: number;
  readonly targets?: readonly string[];
  readonly properties?: Partial<Record<keyof typeof names | 'alias', string>>;
}

const examples: Readonly<Record<string, string>> = { A: '192.0.2.1', AAAA: '2001:db8::1', CNAME: 'lb.example.net', MX: '10 mail.example.org', TXT: '"x"', NS: 'ns.example.net', SRV: '1 2 3 sip.example.org.' };

function wish({ type = 'A', ttl = 0, targets = [examples[type] ?? ''], properties = {} }: Wish): Endpoint {
  return makeEndpoint('web.example.org', type, targets, { ttlSeconds: ttl, providerSpecific: Object.entries(properties).map(([key, value]) => ({ name: key === 'alias' ? key : names[key as keyof typeof names], value: value ?? '' })) });
}

function normal(wishes: readonly Wish[], settings: Partial<Settings> = {}, longestComment = 100): { forms: string[]; warnings: string[] } {
  const warnings: string[] = [];
  const around = { longestComment: () => longestComment, textOf: (_: string, key: string) => (key === 'known' ? '"known"' : undefined), warn: (what: string, _e: Endpoint, value: string) => void warnings.push(`${what}: ${value}`) };
  const forms = normalForm(wishes.map(wish), { ...flags, ...settings }, around).map((e) => [e.recordType, e.ttlSeconds || '-', ...e.providerSpecific.map((p) => `${p.name.replace(/.*cloudflare-/, '')}=${p.value}`)].join(' '));
  return { forms, warnings };
}

describe('the normal form of a wish', () => {
  const cases: readonly { readonly title: string; readonly wishes: readonly Wish[]; readonly flags?: Partial<Settings>; readonly forms: readonly string[]; readonly warning?: RegExp }[] = [
    { title: 'says whether it is proxied', wishes: [{}], forms: ['A - proxied=false'] },
    { title: 'a proxied record has the automatic TTL', wishes: [{ ttl: 300, properties: { proxied: 'true' } }], forms: ['A 1 proxied=true'] },
    { title: 'the annotation beats the flag', wishes: [{ ttl: 300, properties: { proxied: 'false' } }], flags: { proxied: true }, forms: ['A 300 proxied=false'] },
    { title: 'a value that is no boolean leaves it to the flag, with a warning', wishes: [{ properties: { proxied: 'perhaps' } }], flags: { proxied: true }, forms: ['A 1 proxied=true'], warning: /perhaps/ },
    {
      title: 'only A, AAAA and CNAME are ever proxied',
      wishes: ['A', 'AAAA', 'CNAME', 'MX', 'TXT', 'NS', 'SRV'].map((type) => ({ type, ttl: 300, properties: { proxied: 'true' } })),
      flags: { proxied: true },
      forms: ['A 1 proxied=true', 'AAAA 1 proxied=true', 'CNAME 1 proxied=true', 'MX 300 proxied=false', 'TXT 300 proxied=false', 'NS 300 proxied=false', 'SRV 300 proxied=false'],
    },
    { title: 'properties of others are dropped', wishes: [{ properties: { alias: 'true' } }], forms: ['A - proxied=false'] },
    { title: 'the flag gives a comment', wishes: [{}], flags: { comment: 'flag' }, forms: ['A - proxied=false record-comment=flag'] },
    { title: 'the annotation gives another', wishes: [{ properties: { comment: 'mine' } }], flags: { comment: 'flag' }, forms: ['A - proxied=false record-comment=mine'] },
    { title: 'an empty annotation means no comment', wishes: [{ properties: { comment: '' } }], flags: { comment: 'flag' }, forms: ['A - proxied=false'] },
    { title: 'tags are trimmed and sorted', wishes: [{ properties: { tags: 'b:1, a ,,' } }], forms: ['A - proxied=false tags=a,b:1'] },
    { title: 'no tags are no property', wishes: [{ properties: { tags: ' , ' } }], forms: ['A - proxied=false'] },
    { title: 'custom hostnames do not count without their flag', wishes: [{ properties: { customHostname: 'a.example' } }], forms: ['A - proxied=false'] },
    { title: 'custom hostnames are trimmed, in lower case, and sorted', wishes: [{ properties: { customHostname: 'b.example, A.example' } }], flags: { customHostnames: true }, forms: ['A - custom-hostname=a.example,b.example proxied=false'] },
    { title: 'a region does not count without its flag', wishes: [{ properties: { regionKey: 'eu' } }], forms: ['A - proxied=false'] },
    { title: 'the flag gives a region', wishes: [{}], flags: { regionalServices: true, regionKey: 'eu' }, forms: ['A - proxied=false region-key=eu'] },
    { title: 'an empty annotation means no region', wishes: [{ properties: { regionKey: '' } }], flags: { regionalServices: true, regionKey: 'eu' }, forms: ['A - proxied=false region-key='] },
    { title: 'TXT has no region', wishes: [{ type: 'TXT' }], flags: { regionalServices: true, regionKey: 'eu' }, forms: ['TXT - proxied=false'] },
    { title: 'SRV without all fields is left out', wishes: [{ type: 'SRV', targets: ['1 2 sip.example.org.'] }, {}], forms: ['A - proxied=false'], warning: /left out/ },
    {
      title: 'of two regions of a name that of A is taken',
      wishes: [{ properties: { regionKey: 'us' } }, { type: 'AAAA', properties: { regionKey: 'eu' } }],
      flags: { regionalServices: true },
      forms: ['A - proxied=false region-key=us', 'AAAA - proxied=false region-key=us'],
      warning: /cannot have different regions.*eu/,
    },
    {
      title: 'A takes the region of AAAA where it has none',
      wishes: [{}, { type: 'AAAA', properties: { regionKey: 'eu' } }],
      flags: { regionalServices: true },
      forms: ['A - proxied=false region-key=eu', 'AAAA - proxied=false region-key=eu'],
    },
    {
      title: 'custom hostnames are those of the name',
      wishes: [{ properties: { customHostname: 'a.example' } }, { type: 'AAAA' }],
      flags: { customHostnames: true },
      forms: ['A - custom-hostname=a.example proxied=false', 'AAAA - custom-hostname=a.example proxied=false'],
    },
    {
      title: 'rivals of one type keep what they wish',
      wishes: [{ properties: { regionKey: 'us' } }, { properties: { regionKey: 'eu' } }],
      flags: { regionalServices: true },
      forms: ['A - proxied=false region-key=us', 'A - proxied=false region-key=eu'],
    },
  ];
  for (const { title, wishes, flags: settings, forms, warning } of cases)
    it(title, () => {
      const found = normal(wishes, settings);
      assert.deepEqual(found.forms, forms);
      if (warning) assert.match(found.warnings.join('\n'), warning);
      else assert.deepEqual(found.warnings, []);
    });

  it('a comment is cut to what the plan of the zone allows', () => {
    const long = 'x'.repeat(300);
    assert.equal(normal([{ properties: { comment: long } }]).forms[0], `A - proxied=false record-comment=${'x'.repeat(100)}`);
    assert.deepEqual(normal([{ properties: { comment: long } }], {}, 500).warnings, []);
    assert.match(normal([{ properties: { comment: long } }]).warnings.join(), /comment is cut/);
  });

  it('a comment is not cut in the middle of a character', () => {
    assert.equal(normal([{ properties: { comment: `${'x'.repeat(99)}😀` } }]).forms[0], `A - proxied=false record-comment=${'x'.repeat(99)}`);
  });

  it('a text is spelled as in the zone', () => {
    const around = { longestComment: () => 100, textOf: (_: string, key: string) => (key === 'known' ? '"known"' : undefined), warn: () => {} };
    assert.deepEqual(normalForm([wish({ type: 'TXT', targets: ['known', 'new'] })], flags, around)[0]?.targets, ['"known"', 'new']);
  });
});

describe('booleans in annotations', () => {
  for (const [text, value] of [['true', true], ['1', true], ['T', true], ['False', false], ['0', false], ['yes', undefined], ['', undefined], ['tRUE', undefined]] as const)
    it(JSON.stringify(text), () => assert.equal(booleanOf(text), value));
});
