import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Endpoint, endpoint } from '../../endpoint/endpoint.ts';
import { endpointsOf, newComputed } from './computed.ts';

const record = (dnsName: string, target: string): Endpoint => endpoint({ dnsName, recordType: 'A', targets: [target] });

describe('endpointsOf', () => {
  for (const others of [0, 1, 40])
    it(`gives what is of a name, in its order, beside ${others} other names`, () => {
      const mine = [record('Web.example.org', '192.0.2.2'), record('web.example.org.', '192.0.2.1')];
      const computed = newComputed({ resource: {} as never, namespace: '', endpoints: () => [] }, 'default/web');
      computed.endpoints = [...mine.slice(0, 1), ...Array.from({ length: others }, (_, i) => record(`other-${i}.example.org`, '192.0.2.9')), ...mine.slice(1)];
      assert.deepEqual(endpointsOf(computed, 'web.example.org'), mine);
      assert.deepEqual(endpointsOf(computed, 'none.example.org'), []);
    });
});
