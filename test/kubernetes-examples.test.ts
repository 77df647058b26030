// examples/kubernetes: what stands there fits this program.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { rbac } from '../src/cli/commands/rbac.ts';
import { parseCommandLine } from '../src/cli/parse.ts';
import { endpoint } from '../src/endpoint/endpoint.ts';
import { endpointToJSON } from '../src/endpoint/json.ts';
import { asList, asRecord, asText, isRecord } from '../src/kubernetes/keep.ts';
import type { RawObject } from '../src/kubernetes/object.ts';
import { DNSEndpoint } from '../src/kubernetes/resources/core.ts';
import { DNSRecord } from '../src/registries/crd/dns-record.ts';

const read = (file: string): string => readFileSync(`examples/${file}`, 'utf8');
const at = (value: unknown, ...path: readonly string[]): unknown => path.reduce((v, key) => asRecord(v)[key], value);

const pod = at(parse(read('kubernetes/deployment.yaml')), 'spec', 'template', 'spec');
const container = asRecord(asList(at(pod, 'containers'))[0]);
const args = asList(container['args']).map(String);

describe('the deployment', () => {
  it('has flags that are understood', () => {
    const settings = parseCommandLine(args, {});
    assert.ok('config' in settings);
    assert.deepEqual(settings.warnings, []);
    assert.equal(settings.config.txtOwnerId, 'my-cluster');
  });

  it('asks for health where it is served', () => {
    const port = asRecord(asList(container['ports'])[0]);
    const settings = parseCommandLine(args, {});
    assert.equal('config' in settings && settings.config.metricsAddress, `:${String(port['containerPort'])}`);
    for (const probe of ['livenessProbe', 'readinessProbe']) assert.match(String(at(container[probe], 'httpGet', 'path')), /^\/(livez|readyz)$/);
  });

  it('runs with the rights that the command prints for its flags', async () => {
    const account = `external-dns/${String(at(pod, 'serviceAccountName'))}`;
    const flags = [...args.filter((flag) => flag.startsWith('--source=')), `--service-account=${account}`];
    const printed = async (argv: readonly string[]): Promise<string> => {
      let text = '';
      await rbac(argv, {}, (part) => void (text += part), () => {});
      return text;
    };
    assert.equal(read('kubernetes/rbac.yaml'), `# external-dns rbac ${flags.join(' ')}\n${await printed(flags)}`);
    assert.equal(await printed([...args, `--service-account=${account}`]), await printed(flags), 'the other flags change nothing');
  });
});

/** What of a value a schema does not allow; none: it fits. Only what these definitions use of OpenAPI. */
function misfits(value: unknown, schema: RawObject, path: string): readonly string[] {
  switch (schema['type']) {
    case 'object': {
      if (!isRecord(value)) return [`${path} is no object`];
      const { properties, additionalProperties } = schema;
      if (properties === undefined && additionalProperties === undefined) return [];
      const missing = asList(schema['required']).filter((key) => !(String(key) in value)).map((key) => `${path}.${String(key)} is missing`);
      const wrong = Object.entries(value).flatMap(([key, field]) => {
        const known = at(properties, key) ?? additionalProperties;
        return isRecord(known) ? misfits(field, known, `${path}.${key}`) : [`${path}.${key} is not known`];
      });
      return [...missing, ...wrong];
    }
    case 'array':
      return Array.isArray(value) ? value.flatMap((entry, i) => misfits(entry, asRecord(schema['items']), `${path}[${i}]`)) : [`${path} is no list`];
    case 'integer':
      return Number.isInteger(value) ? [] : [`${path} is no whole number`];
    case 'string': {
      const choices = asList(schema['enum']);
      return typeof value === 'string' && (choices.length === 0 || choices.includes(value)) ? [] : [`${path} is no such text`];
    }
    default:
      return [`${path}: the schema has no type`];
  }
}

const definitions = parseAllDocuments(read('kubernetes/crds.yaml')).map((document) => document.toJS() as RawObject);
const versionOf = (kind: string): RawObject => {
  const definition = definitions.find((d) => at(d, 'spec', 'names', 'kind') === kind);
  return asRecord(asList(at(definition, 'spec', 'versions'))[0]);
};
const schemaOf = (kind: string): RawObject => asRecord(at(versionOf(kind), 'schema', 'openAPIV3Schema'));

const full = endpointToJSON(
  endpoint({ dnsName: 'web.example.org', recordType: 'A', targets: ['192.0.2.1'], setIdentifier: 'a', ttlSeconds: 60, labels: { owner: 'me' }, providerSpecific: [{ name: 'alias', value: 'true' }] }),
);
const condition = { type: 'Ready', status: 'True', reason: 'Published', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' };
const head = (kind: string) => ({ apiVersion: 'externaldns.k8s.io/v1alpha1', kind, metadata: { name: 'web' } });

describe('the definitions', () => {
  for (const resource of [DNSEndpoint, DNSRecord])
    it(`are of ${resource.kind} as it is read`, () => {
      const definition = definitions.find((d) => at(d, 'spec', 'names', 'kind') === resource.kind);
      assert.equal(at(definition, 'metadata', 'name'), `${resource.plural}.${resource.group}`);
      assert.deepEqual([at(definition, 'spec', 'group'), at(definition, 'spec', 'names', 'plural'), at(definition, 'spec', 'scope')], [resource.group, resource.plural, 'Namespaced']);
      assert.equal(asText(versionOf(resource.kind)['name']), resource.versions[0]);
      assert.ok(isRecord(at(versionOf(resource.kind), 'subresources', 'status')), 'statuses are written');
    });

  for (const [title, object] of [
    ['a DNSEndpoint with all fields', { ...head('DNSEndpoint'), spec: { endpoints: [full] }, status: { observedGeneration: 1, conditions: [{ ...condition, observedGeneration: 1 }] } }],
    ['the DNSEndpoint of the quickstart', parse(read('quickstart/dnsendpoint.yaml')) as RawObject],
    ['a DNSRecord as the registry writes it', { ...head('DNSRecord'), spec: { endpoint: full }, status: { conditions: [condition] } }],
  ] as const)
    it(`take ${title}`, () => assert.deepEqual(misfits(object, schemaOf(String(object['kind'])), 'object'), []));

  it('do not take what is misspelt', () => {
    const object = { ...head('DNSEndpoint'), spec: { endpoints: [{ dnsname: 'web.example.org', recordTTL: '60' }] } };
    assert.deepEqual(misfits(object, schemaOf('DNSEndpoint'), 'object'), ['object.spec.endpoints[0].dnsname is not known', 'object.spec.endpoints[0].recordTTL is no whole number']);
  });
});
