import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeEndpoint } from '../../endpoint/build.ts';
import { type Endpoint, describe as describeEndpoint } from '../../endpoint/endpoint.ts';
import { ConfigurationError } from '../../errors.ts';
import { keepHead } from '../../kubernetes/keep.ts';
import type { KubeObject, RawObject } from '../../kubernetes/object.ts';
import { TemplateError } from '../../template/errors.ts';
import { jsonType, valueOf } from '../../template/values.ts';
import { template } from '../../template/template.ts';
import { templateFunctions } from './template-functions.ts';
import { createTemplates, type SourceTemplates, type TemplateOptions } from './templates.ts';

const whole = (raw: RawObject): KubeObject => ({ ...keepHead(raw), raw });

const service = whole({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'shop', namespace: 'web', labels: { env: 'prod' }, annotations: { hosts: '["a","b"]' } },
  spec: { type: 'LoadBalancer', clusterIP: '192.0.2.7', ports: [{ name: 'http', port: 80, newField: 'x' }] },
  status: { loadBalancer: { ingress: [{ ip: '192.0.2.10' }] } },
});

const configMap = whole({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'zone', namespace: 'web', labels: { env: 'prod' } },
  data: { host: 'cm.example.org' },
  spec: { dnsNames: ['a', 'b'], ip: '192.0.2.9', Host: 'upper', host: 'lower', size: 3, nested: { hostName: 'x' } },
});

function bound(options: Partial<TemplateOptions>, source = 'service'): SourceTemplates {
  return createTemplates({ fqdnTemplate: [], targetTemplate: [], fqdnTargetTemplate: [], combineFqdnAnnotation: false, ...options }).for(source);
}

const names = (...fqdnTemplate: string[]): readonly string[] => bound({ fqdnTemplate }).names(service);
const shown = (endpoints: readonly Endpoint[]): string[] => endpoints.map(describeEndpoint);
const existing = [makeEndpoint('old.example.org', 'A', ['192.0.2.1'])];

describe('names by template', () => {
  const cases: readonly (readonly [about: string, templates: readonly string[], expected: readonly string[]])[] = [
    ['are sorted, each once, without blanks and final dots', ['b.{{.Name}}., a.{{.Name}} ,,a.{{.Name}},\n c'], ['a.shop', 'b.shop', 'c']],
    ['come from all values of the flag together', ['{{.Name}}.a', '{{.Namespace}}.b'], ['shop.a', 'web.b']],
    ['may use what another value defines', ['{{define "zone"}}z{{end}}', '{{.Name}}.{{template "zone"}}'], ['shop.z']],
    ['may use the names of fields in Go', ['{{.Spec.ClusterIP}}.{{(index .Spec.Ports 0).Port}}'], ['192.0.2.7.80']],
    ['may use those of the manifest', ['{{.Spec.clusterIP}}.{{.Metadata.name}}.{{.Object.spec.type}}'], ['192.0.2.7.shop.LoadBalancer']],
    ['see fields that are newer than the types of v0.22', ['{{(index .Spec.ports 0).newField}}'], ['x']],
    ['are none where the template gives blanks alone', ['{{if false}}x{{end}} , '], []],
    ['show a key that is missing, for the check of names to refuse', ['{{.Labels.nope}}.example.org'], ['<no value>.example.org']],
  ];
  for (const [about, templates, expected] of cases) it(about, () => assert.deepEqual(names(...templates), expected));

  it('see what Go writes though it is empty, where they go by the manifest', () => {
    const bare = whole({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'bare', namespace: 'web' } });
    assert.deepEqual(bound({ fqdnTemplate: ['{{len .Status.loadBalancer}}.{{len .Spec}}.{{.Metadata.name}}'] }).names(bare), ['0.0.bare']);
  });

  it('fail where both kinds of field names are mixed, and both reasons are told', () => {
    assert.throws(() => names('{{.Spec.ClusterIP}}.{{.Spec.clusterIP}}'), /field clusterIP in type v1.ServiceSpec; with the field names of the manifest: map has no entry for key "ClusterIP"/);
  });

  it('fail on a missing key where the names are those of the manifest', () => {
    assert.throws(() => names('{{.Spec.clusterIP}}.{{.Labels.nope}}'), /no entry for key "nope"/);
  });

  it('know their source', () => {
    const text = '{{if isSource "SERVICE"}}{{.Name}}{{end}}{{if isSource "ingress"}}other{{end}}';
    const templates = createTemplates({ fqdnTemplate: [text], targetTemplate: [], fqdnTargetTemplate: [], combineFqdnAnnotation: false });
    assert.deepEqual([templates.for('service').names(service), templates.for('ingress').names(service), templates.for('node').names(service)], [['shop'], ['other'], []]);
    assert.throws(() => names('{{isSource "services"}}'), /there is no source "services"/);
  });
});

describe('templates on objects without a type', () => {
  const unstructured = (text: string): readonly string[] => bound({ fqdnTemplate: [text] }, 'unstructured').names(configMap);
  const cases: readonly (readonly [template: string, expected: string])[] = [
    ['{{.Name}}.{{.Kind}}.{{.APIVersion}}.{{.Labels.env}}', 'zone.ConfigMap.v1.prod'],
    ['{{.Object.data.host}}', 'cm.example.org'],
    ['{{index .Spec.DNSNames 1}}.{{.Spec.IP}}.{{index .Spec.dnsNames 0}}', 'b.192.0.2.9.a'],
    ['{{.Spec.Host}}.{{.Spec.host}}', 'upper.lower'],
    ['{{.Spec.nested.hostName}}.{{.Spec.Size}}.{{.GetName}}', 'x.3.zone'],
    ['{{.GetKind}}.{{.GetAPIVersion}}.{{len .GetOwnerReferences}}.{{.GetGeneration}}.{{.GetCreationTimestamp.Year}}', 'ConfigMap.v1.0.0.1'],
    ['{{len .Object.spec}}', '6'],
    ['{{hasKey .Labels "env"}}', 'true'],
  ];
  for (const [text, expected] of cases) it(`${text} gives ${expected}`, () => assert.deepEqual(unstructured(text), [expected]));

  it('reads known kinds by their manifest, too', () => {
    assert.deepEqual(bound({ fqdnTemplate: ['{{.Spec.clusterIP}}.{{.Spec.ClusterIP}}'] }, 'unstructured').names(service), ['192.0.2.7.192.0.2.7']);
  });

  it('fails on a missing key of the manifest where it is used as a text', () => {
    assert.throws(() => unstructured('{{toLower .Spec.nope}}'), /invalid value; expected string/);
  });
});

describe('combining what a source found with templates', () => {
  const made = [makeEndpoint('new.example.org', 'A', ['192.0.2.2'])];
  const name = { fqdnTemplate: ['{{.Name}}.example.org'] };

  it('leaves all as it is without templates', () => {
    const templates = bound({});
    assert.equal(templates.configured, false);
    assert.equal(templates.hasNames, false);
    assert.deepEqual(templates.names(service), []);
    assert.deepEqual(templates.combine([], () => made), []);
    assert.deepEqual(templates.combineAll(existing, service), existing);
  });

  it('uses templates only where nothing was found', () => {
    assert.deepEqual(bound(name).combine(existing, () => made), existing);
    assert.deepEqual(bound(name).combine([], () => made), made);
  });

  it('adds both where that is asked for', () => {
    assert.deepEqual(bound({ ...name, combineFqdnAnnotation: true }).combine(existing, () => made), [...existing, ...made]);
  });

  it('does not count --target-template as a source of names', () => {
    const templates = bound({ targetTemplate: ['192.0.2.3'] });
    assert.deepEqual([templates.configured, templates.hasNames], [true, false]);
  });

  it('makes endpoints of pairs: the first colon divides, incomplete ones are left out, equal names are joined', () => {
    const pairs = bound({ fqdnTargetTemplate: ['a.example.org:192.0.2.2, a.example.org : 192.0.2.1,b.example.org:2001:db8::1,c.example.org:lb.example.net.,none,:192.0.2.9,d.example.org:'] });
    assert.deepEqual(shown(pairs.combinePairs([], service)), ['a.example.org 0 IN A 192.0.2.1, 192.0.2.2', 'b.example.org 0 IN AAAA 2001:db8::1', 'c.example.org 0 IN CNAME lb.example.net']);
  });

  it('takes names and targets from templates where pairs give nothing', () => {
    const templates = bound({ fqdnTemplate: ['b.example.org,a.example.org'], targetTemplate: ['lb.example.net,192.0.2.5,2001:db8::5,192.0.2.4'] });
    assert.deepEqual(shown(templates.combineAll([], service)), [
      'a.example.org 0 IN A 192.0.2.4, 192.0.2.5',
      'a.example.org 0 IN AAAA 2001:db8::5',
      'a.example.org 0 IN CNAME lb.example.net',
      'b.example.org 0 IN A 192.0.2.4, 192.0.2.5',
      'b.example.org 0 IN AAAA 2001:db8::5',
      'b.example.org 0 IN CNAME lb.example.net',
    ]);
  });

  it('prefers pairs to names and targets, and gives both where that is asked for', () => {
    const options = { fqdnTargetTemplate: ['p.example.org:192.0.2.8'], fqdnTemplate: ['n.example.org'], targetTemplate: ['192.0.2.9'] };
    assert.deepEqual(shown(bound(options).combineAll([], service)), ['p.example.org 0 IN A 192.0.2.8']);
    assert.deepEqual(shown(bound({ ...options, combineFqdnAnnotation: true }).combineAll(existing, service)), [
      'old.example.org 0 IN A 192.0.2.1',
      'p.example.org 0 IN A 192.0.2.8',
      'n.example.org 0 IN A 192.0.2.9',
    ]);
  });
});

describe('templates that are refused at the start', () => {
  const cases: readonly (readonly [about: string, options: Partial<TemplateOptions>, message: RegExp])[] = [
    ['a name template', { fqdnTemplate: ['{{.Name'] }, /^--fqdn-template=\{\{\.Name is no template: line 1, column 8: unclosed action$/],
    ['a target template', { targetTemplate: ['{{nope}}'] }, /^--target-template=.*function "nope" not defined/],
    ['pairs', { fqdnTargetTemplate: ['x\n{{if}}'] }, /^--fqdn-target-template=.*line 2, column 7: missing value for if/s],
    ['the second value of a flag, at its own place', { fqdnTemplate: ['{{.Name}}', '{{end}}'] }, /^--fqdn-template=\{\{end\}\} is no template: line 1, column 3/],
    ['values that only together are a template', { fqdnTemplate: ['{{if true}}', '{{end}}'] }, /end of the template/],
    ['a part that two values define', { fqdnTemplate: ['{{define "z"}}1{{end}}', '{{define "z"}}2{{end}}'] }, /multiple definition of template "z"/],
  ];
  for (const [about, options, message] of cases) it(about, () => assert.throws(() => bound(options), (error) => error instanceof ConfigurationError && message.test(error.message)));

  it('takes a blank template for none', () => assert.equal(bound({ fqdnTemplate: [' '] }).configured, false));
});

describe('functions of templates', () => {
  const render = (text: string): string => template('main', text, templateFunctions('service')).render(valueOf(jsonType, { name: 'shop', n: 3, list: ['a'], map: { a: 'x' } }));
  const cases: readonly (readonly [template: string, expected: string])[] = [
    ['{{toLower "ÄB"}} {{trim "  a\\n"}} {{trimPrefix "shop" "sh"}} {{trimSuffix "shop" "op"}} {{replace "o" "0" "foo"}} {{replace "" "-" "ab"}} {{contains "shop" "ho"}}', 'äb a op sh f00 -a-b- true'],
    ['{{.name | toLower}}', 'shop'],
    ['{{"-" | replace "a" "b"}}', '-'],
    ['{{isIPv4 "192.0.2.1"}} {{isIPv4 "x"}} {{isIPv6 "2001:db8::1"}} {{isIPv6 "::ffff:192.0.2.1"}} {{isIPv6 "fe80::1%eth0"}} {{isIPv4 "192.0.2.01"}} {{isIPv4 ""}} {{isIPv6 "[::1]"}} {{isIPv4 " 192.0.2.1"}}', 'true false true true true false false false false'],
    ['{{hasKey .missing "a"}}', 'false'],
    ['{{hasKey nil "a"}}', 'false'],
    ['{{fromJson "[1,2.5,\\"a\\",null,true,{\\"k\\":1}]"}}', '[1 2.5 a <nil> true map[k:1]]'],
    ['{{fromJson "{no"}}', '<no value>'],
    ['{{fromJson "null"}}', '<no value>'],
    ['{{fromJson "42"}} {{fromJson "12345678"}} {{fromJson "\\"s\\""}} {{fromJson "true"}}', '42 1.2345678e+07 s true'],
    ['{{range $k, $v := fromJson "{\\"z\\":1,\\"a\\":2}"}}{{$k}}{{$v}} {{end}}', 'a2 z1 '],
    ['{{(fromJson "{\\"a\\":{\\"b\\":3}}").a.b}}', '3'],
    ['{{index (fromJson "[10,20]") 1}}', '20'],
    ['{{eq (fromJson "1") 1.0}}', 'true'],
    ['{{fromJson "[1] x"}}', '<no value>'],
    ['{{fromJson ""}}', '<no value>'],
    ['{{print (fromJson "null")}}', '<nil>'],
    ['{{toLower (index .list 0)}}', 'a'],
  ];
  for (const [text, expected] of cases) it(`${text} gives ${JSON.stringify(expected)}`, () => assert.equal(render(text), expected));

  const refused: readonly (readonly [template: string, reason: string])[] = [
    ['{{toLower .n}}', '1:11: at <.n>: wrong type for value; expected string; got float64'],
    ['{{toLower .missing}}', '1:11: at <.missing>: invalid value; expected string'],
    ['{{toLower 1}}', '1:11: at <1>: expected string; found 1'],
    ['{{toLower true}}', '1:11: at <true>: expected string; found true'],
    ['{{toLower}}', '1:3: at <toLower>: wrong number of args for toLower: want 1 got 0'],
    ['{{toLower "a" "b"}}', '1:3: at <toLower "a" "b">: wrong number of args for toLower: want 1 got 2'],
    ['{{toLower nil}}', '1:11: at <nil>: cannot assign nil to string'],
    ['{{.n | toLower}}', '1:8: at <toLower>: wrong type for value; expected string; got float64'],
    ['{{replace "a" .name}}', '1:3: at <replace "a" .name>: wrong number of args for replace: want 3 got 2'],
    ['{{hasKey .map "a"}}', '1:10: at <.map>: wrong type for value; expected map[string]string; got map[string]interface {}'],
    ['{{contains "a"}}', '1:3: at <contains "a">: wrong number of args for contains: want 2 got 1'],
    ['{{contains .list "a"}}', '1:12: at <.list>: wrong type for value; expected string; got []interface {}'],
    ['{{trim .list}}', '1:8: at <.list>: wrong type for value; expected string; got []interface {}'],
    ['{{toLower .list}}', '1:11: at <.list>: wrong type for value; expected string; got []interface {}'],
  ];
  for (const [text, reason] of refused) it(`${text} fails`, () => assert.throws(() => render(text), (error) => error instanceof TemplateError && error.message === `template: main:${reason}`));
});
