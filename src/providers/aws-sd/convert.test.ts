import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endpoint, type EndpointFields } from '../../endpoint/endpoint.ts';
import { descriptionLabel } from '../../endpoint/labels.ts';
import type { Instance, Service } from './client.ts';
import { adjust, instanceIdOf, instanceOf, isLoadBalancer, isOfKind, ownerOf, serviceNameOf, toEndpoints, toService } from './convert.ts';

const namespace = { Name: 'example.org' };
const make = (fields: Partial<EndpointFields>) => endpoint({ dnsName: 'web.example.org', recordType: 'A', targets: ['192.0.2.1'], ...fields });
const service = (types: readonly string[], fields: Partial<Service> = {}): Service => ({ Id: 'srv-1', Name: 'web', DnsConfig: { RoutingPolicy: 'MULTIVALUE', DnsRecords: types.map((Type) => ({ Type, TTL: 60 })) }, ...fields });
const held = (...attributes: Readonly<Record<string, string>>[]): readonly Instance[] => attributes.map((Attributes, i) => ({ Id: `i-${i}`, Attributes }));
const alb = 'my-alb-1.eu-central-1.elb.amazonaws.com';

describe('reading services of Cloud Map', () => {
  const cases: readonly [title: string, service: Service, instances: readonly Instance[], expected: readonly string[]][] = [
    ['addresses of an A service', service(['A']), held({ AWS_INSTANCE_IPV4: '192.0.2.1' }, { AWS_INSTANCE_IPV4: '192.0.2.2' }), ['A 192.0.2.1,192.0.2.2']],
    ['an address that is there twice', service(['A']), held({ AWS_INSTANCE_IPV4: '192.0.2.1' }, { AWS_INSTANCE_IPV4: '192.0.2.1' }), ['A 192.0.2.1']],
    ['addresses of an AAAA service', service(['AAAA']), held({ AWS_INSTANCE_IPV6: '2001:db8::1' }), ['AAAA 2001:db8::1']],
    ['names of a CNAME service', service(['CNAME']), held({ AWS_INSTANCE_CNAME: 'lb.example.net' }), ['CNAME lb.example.net']],
    ['an alias, which counts as CNAME', service(['A']), held({ AWS_ALIAS_DNS_NAME: alb }), [`CNAME ${alb}`]],
    ['both families of a service with two types', service(['A', 'AAAA']), held({ AWS_INSTANCE_IPV4: '192.0.2.1', AWS_INSTANCE_IPV6: '2001:db8::1' }), ['A 192.0.2.1', 'AAAA 2001:db8::1']],
    ['attributes that the type does not ask for', service(['A']), held({ AWS_INSTANCE_IPV6: '2001:db8::1' }, { AWS_INSTANCE_PORT: '80' }), []],
    ['a type that is not managed', service(['SRV']), held({ AWS_INSTANCE_IPV4: '192.0.2.1', AWS_INSTANCE_PORT: '80' }), []],
    ['a service without DNS, though it has a description', { Id: 'srv-1', Name: 'web', Description: 'for the shop' }, held({ AWS_INSTANCE_IPV4: '192.0.2.1' }), []],
    ['no instances', service(['A']), [], []],
  ];
  for (const [title, s, instances, expected] of cases) it(title, () => assert.deepEqual(toEndpoints(s, namespace, instances).map((e) => `${e.recordType} ${e.targets.join(',')}`), expected));

  it('gives name, TTL and description', () => {
    const [e] = toEndpoints(service(['A'], { Name: 'a.b', Description: 'x' }), namespace, held({ AWS_INSTANCE_IPV4: '192.0.2.1' }));
    assert.deepEqual([e?.dnsName, e?.ttlSeconds, e?.labels], ['a.b.example.org', 60, { [descriptionLabel]: 'x' }]);
  });
});

describe('writing services of Cloud Map', () => {
  const cases: readonly [title: string, fields: Partial<EndpointFields>, type: string, routing: string, ttlSeconds: number][] = [
    ['an A record', {}, 'A', 'MULTIVALUE', 300],
    ['an AAAA record with a TTL', { recordType: 'AAAA', targets: ['2001:db8::1'], ttlSeconds: 60 }, 'AAAA', 'MULTIVALUE', 60],
    ['a CNAME', { recordType: 'CNAME', targets: ['lb.example.net'] }, 'CNAME', 'WEIGHTED', 300],
    ['a CNAME to a load balancer becomes an alias', { recordType: 'CNAME', targets: [alb] }, 'A', 'WEIGHTED', 300],
  ];
  for (const [title, fields, type, routing, ttlSeconds] of cases)
    it(title, () => assert.deepEqual(toService(make(fields), namespace).DnsConfig, { RoutingPolicy: routing, DnsRecords: [{ Type: type, TTL: ttlSeconds }] }));

  it('takes description and tags along', () => {
    const { Name, Description, Tags } = toService(make({ labels: { [descriptionLabel]: 'x' } }), namespace, { team: 'web' });
    assert.deepEqual({ Name, Description, Tags }, { Name: 'web', Description: 'x', Tags: [{ Key: 'team', Value: 'web' }] });
  });

  const kinds: readonly [title: string, held: Service, fields: Partial<EndpointFields>, same: boolean][] = [
    ['the same type and routing', service(['A']), {}, true],
    ['routing that is not said is by several values', { ...service(['A']), DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 1 }] } }, {}, true],
    ['another type', service(['A']), { recordType: 'AAAA' }, false],
    ['addresses where an alias is wished', service(['A']), { recordType: 'CNAME', targets: [alb] }, false],
    ['two types', service(['A', 'AAAA']), {}, false],
    ['no DNS', { Id: 'srv-1', Name: 'web' }, {}, false],
  ];
  for (const [title, s, fields, same] of kinds) it(`can hold: ${title}`, () => assert.equal(isOfKind(s, toService(make(fields), namespace)), same));
});

describe('instances of Cloud Map', () => {
  const ids: readonly [title: string, target: string, id: string][] = [
    ['the target', '192.0.2.1', '192.0.2.1'],
    ['in lower case', 'LB.Example.net', 'lb.example.net'],
    ['64 characters as they are', `${'a'.repeat(60)}.org`, `${'a'.repeat(60)}.org`],
  ];
  for (const [title, target, id] of ids) it(`id: ${title}`, () => assert.equal(instanceIdOf(target), id));
  it('id: the SHA-256 of a longer one, whatever its case', () => {
    const long = `${'a'.repeat(61)}.org`;
    assert.match(instanceIdOf(long), /^[0-9a-f]{64}$/);
    assert.equal(instanceIdOf(long.toUpperCase()), instanceIdOf(long));
  });

  const attributes: readonly [type: string, target: string, name: string][] = [
    ['A', '192.0.2.1', 'AWS_INSTANCE_IPV4'],
    ['AAAA', '2001:db8::1', 'AWS_INSTANCE_IPV6'],
    ['CNAME', 'lb.example.net', 'AWS_INSTANCE_CNAME'],
    ['CNAME', alb, 'AWS_ALIAS_DNS_NAME'],
  ];
  for (const [type, target, name] of attributes) it(`${type} ${target} is ${name}`, () => assert.deepEqual(instanceOf(type, target).Attributes, { [name]: target }));

  const hosts: readonly [host: string, is: boolean][] = [
    [alb, true],
    ['my-nlb-1.elb.eu-central-1.amazonaws.com', true],
    ['My-ALB-1.EU-central-1.ELB.amazonaws.com', true],
    [`${alb}.`, false],
    ['eu-central-1.elb.amazonaws.com', false],
    ['elb.amazonaws.com.example.org', false],
    ['d111111abcdef8.cloudfront.net', false],
  ];
  for (const [host, is] of hosts) it(`${host} is ${is ? 'a' : 'no'} load balancer`, () => assert.equal(isLoadBalancer(host), is));
});

describe('names and owners of services', () => {
  const names: readonly [dnsName: string, name: string][] = [
    ['web.example.org', 'web'],
    ['a.b.example.org.', 'a.b'],
    ['Web.Example.ORG', 'Web'],
    ['bücher.example.org', 'xn--bcher-kva'],
  ];
  for (const [dnsName, name] of names) it(`${dnsName} is service ${name}`, () => assert.equal(serviceNameOf(dnsName, namespace), name));

  const owners: readonly [description: string | undefined, owner: string | undefined][] = [
    [undefined, undefined],
    ['', undefined],
    ['for the shop', undefined],
    ['heritage=external-dns,external-dns/owner=me', 'me'],
    ['heritage=external-dns,external-dns/owner=metoo,external-dns/resource=ingress/default/web', 'metoo'],
  ];
  for (const [description, owner] of owners) it(`${description ?? 'no description'} is of ${owner ?? 'nobody'}`, () => assert.equal(ownerOf(description), owner));
});

describe('wishes that Cloud Map can hold', () => {
  const aaaa = make({ recordType: 'AAAA', targets: ['2001:db8::1'] });
  const cases: readonly [title: string, wishes: readonly Partial<EndpointFields>[], expected: readonly string[], told: number][] = [
    ['AAAA gives way to A', [{}, aaaa], ['A 192.0.2.1'], 1],
    ['AAAA alone stays', [aaaa], ['AAAA 2001:db8::1'], 0],
    ['AAAA stays beside the A of another name', [{ dnsName: 'www.example.org' }, aaaa], ['A 192.0.2.1', 'AAAA 2001:db8::1'], 0],
    ['several names stay', [{ recordType: 'CNAME', targets: ['a.example.net', 'b.example.net'] }], ['CNAME a.example.net,b.example.net'], 0],
    ['aliases and names do not mix', [{ recordType: 'CNAME', targets: [alb, 'b.example.net'] }], [`CNAME ${alb}`], 1],
    ['set identifiers and properties go', [{ setIdentifier: 'a', providerSpecific: [{ name: 'aws/weight', value: '1' }] }], ['A 192.0.2.1'], 0],
  ];
  for (const [title, wishes, expected, count] of cases)
    it(title, () => {
      const told: string[] = [];
      const adjusted = adjust(wishes.map(make), (what) => told.push(what));
      assert.deepEqual(adjusted.map((e) => `${e.recordType}${e.setIdentifier} ${e.targets.join(',')}`), expected);
      assert.ok(adjusted.every((e) => e.providerSpecific.length === 0));
      assert.equal(told.length, count);
    });
});
