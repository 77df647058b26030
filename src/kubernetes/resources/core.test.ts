import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RawObject } from '../object.ts';
import { DNSEndpoint, EndpointSlice, Ingress, Namespace, Node, Pod, Service } from './core.ts';

const all = [DNSEndpoint, EndpointSlice, Ingress, Namespace, Node, Pod, Service];

describe('core resources', () => {
  it('keep only what sources read', () => {
    const raw: RawObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        type: 'LoadBalancer',
        clusterIP: '10.0.0.1',
        sessionAffinity: 'None',
        selector: { app: 'web' },
        ports: [{ name: 'http', port: 80, nodePort: 30080, protocol: 'TCP', targetPort: 'http' }],
      },
      status: { loadBalancer: { ingress: [{ ip: '192.0.2.1', ipMode: 'VIP' }, { hostname: 'lb.example.org' }] }, conditions: [{ type: 'x' }] },
    };
    const { spec, status } = Service.keep(raw);
    assert.deepEqual(spec, {
      type: 'LoadBalancer',
      clusterIP: '10.0.0.1',
      clusterIPs: [],
      externalIPs: [],
      externalName: '',
      externalTrafficPolicy: '',
      publishNotReadyAddresses: false,
      selector: { app: 'web' },
      ports: [{ name: 'http', port: 80, nodePort: 30080, protocol: 'TCP' }],
    });
    assert.deepEqual(status.loadBalancer.ingress, [
      { ip: '192.0.2.1', hostname: '' },
      { ip: '', hostname: 'lb.example.org' },
    ]);
  });

  it('give their full shape for an object that is empty, or hostile', () => {
    for (const resource of all) {
      const empty = resource.keep({});
      const hostile = resource.keep({ metadata: [], spec: 'spec', status: null, endpoints: { length: 3 }, addressType: {} });
      assert.deepEqual(hostile, empty, resource.kind);
      assert.equal(empty.metadata.name, '');
    }
  });

  it('know the heartbeat of a node as no change', () => {
    const node = (beat: string): RawObject => ({
      metadata: { name: 'n1' },
      status: { conditions: [{ type: 'Ready', lastHeartbeatTime: beat }], addresses: [{ type: 'ExternalIP', address: '192.0.2.1' }] },
    });
    assert.deepEqual(Node.keep(node('1')), Node.keep(node('2')));
  });

  it('know a pod as ready and terminating by its conditions and deletion timestamp', () => {
    const conditions = [{ type: 'PodScheduled', status: 'True' }, { type: 'Ready', status: 'True' }];
    const pod = Pod.keep({ metadata: { name: 'p', deletionTimestamp: '2026-01-01T00:00:00Z' }, status: { conditions, podIPs: [{ ip: '192.0.2.1' }] } });
    assert.equal(pod.status.ready, true);
    assert.equal(pod.terminating, true);
    assert.deepEqual(pod.status.podIPs, ['192.0.2.1']);
  });

  it('take an endpoint without a ready condition as ready', () => {
    const slice = EndpointSlice.keep({ endpoints: [{ addresses: ['192.0.2.1'] }, { addresses: [], conditions: { ready: false } }] });
    assert.deepEqual(
      slice.endpoints.map((e) => e.ready),
      [true, false],
    );
  });
});
