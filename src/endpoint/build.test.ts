import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endpointsForName } from './build.ts';

describe('endpoints for a name', () => {
  it('groups targets by type, A before AAAA before CNAME, without final dots', () => {
    const all = endpointsForName('www.example.org.', ['lb.example.net.', '2001:db8::1', '192.0.2.1', '192.0.2.2']);
    assert.deepEqual(
      all.map((e) => [e.dnsName, e.recordType, e.targets]),
      [
        ['www.example.org', 'A', ['192.0.2.1', '192.0.2.2']],
        ['www.example.org', 'AAAA', ['2001:db8::1']],
        ['www.example.org', 'CNAME', ['lb.example.net']],
      ],
    );
  });
  it('gives nothing without targets', () => assert.deepEqual(endpointsForName('www.example.org', []), []));
});
