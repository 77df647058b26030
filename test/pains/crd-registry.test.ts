// With ownership in DNSRecords, v0.22 often leaves a record behind when its object, or one of its types, goes while the process runs. Ours deletes it, and its DNSRecord.
import { describe, it } from 'node:test';
import { Rig, service } from '../support/process.ts';

const withAddresses = (name: string, ...ips: string[]) => ({ ...service(name, ''), status: { loadBalancer: { ingress: ips.map((ip) => ({ ip })) } } });

describe('the crd registry in the running program', () => {
  it('deletes a record whose object goes, and a type that goes', () =>
    Rig.with(async (rig) => {
      rig.api.install('externaldns.k8s.io/v1alpha1', 'dnsrecords', 'DNSRecord');
      const owned = (): number => rig.api.list('dnsrecords').length;
      for (const name of ['web', 'api', 'dual']) rig.api.put('services', withAddresses(name, '192.0.2.1', '2001:db8::1'));
      rig.start('--registry=crd', '--crd-registry-namespace=default', '--interval=1s', '--stale-grace=0s');
      const both = (name: string): string[] => [`${name}.example.org A 192.0.2.1`, `${name}.example.org AAAA 2001:db8::1`];
      await rig.untilRecords(...both('api'), ...both('dual'), ...both('web'));
      await rig.until('six DNSRecords', () => owned() === 6);
      rig.api.remove('services', 'web');
      rig.api.put('services', withAddresses('dual', '192.0.2.1'));
      await rig.untilRecords(...both('api'), 'dual.example.org A 192.0.2.1');
      rig.api.put('services', withAddresses('dual', '2001:db8::1'));
      rig.api.remove('services', 'api');
      await rig.untilRecords('dual.example.org AAAA 2001:db8::1');
      await rig.until('one DNSRecord', () => owned() === 1);
    }));
});
