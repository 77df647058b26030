import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HTTPProxy } from './contour.ts';
import { Gateway, GRPCRoute, HTTPRoute, ListenerSet, TCPRoute, TLSRoute, UDPRoute, XListenerSet } from './gateway-api.ts';
import { IstioGateway, IstioVirtualService } from './istio.ts';
import { OpenShiftRoute } from './openshift.ts';

const all = [Gateway, GRPCRoute, HTTPRoute, HTTPProxy, IstioGateway, IstioVirtualService, ListenerSet, OpenShiftRoute, TCPRoute, TLSRoute, UDPRoute, XListenerSet];

describe('resources of gateways and routes', () => {
  it('give their full shape for an object that is empty, or hostile', () => {
    for (const resource of all) {
      const empty = resource.keep({});
      assert.deepEqual(resource.keep({ metadata: [], spec: 'spec', status: null }), empty, resource.kind);
      assert.deepEqual(resource.keep({ metadata: { name: 7 }, spec: { hosts: {}, listeners: [null, 'x'], parentRefs: 1, selector: [] }, status: { parents: 'p', ingress: {} } }), empty, resource.kind);
    }
  });
});

describe('a route', () => {
  const conditions = (status: string, time: string, generation: number) => [{ type: 'ResolvedRefs', status: 'False' }, { type: 'Accepted', status, lastTransitionTime: time, observedGeneration: generation }];
  const route = (status: string, time = '1', generation = 1) => ({
    metadata: { name: 'web', namespace: 'shop' },
    spec: { parentRefs: [{ name: 'edge' }], rules: [{ backendRefs: [{ name: 'web' }] }] },
    status: { parents: [{ parentRef: { name: 'edge', namespace: 'shop', kind: 'Gateway' }, conditions: conditions(status, time, generation) }] },
  });

  it('has references with all that is not written filled in', () => {
    const expected = { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'shop', name: 'edge', sectionName: '', port: 0 };
    const { spec, status } = HTTPRoute.keep(route('True'));
    assert.deepEqual(spec, { hostnames: [], parentRefs: [expected] });
    assert.deepEqual(status, { parents: [{ parentRef: expected, accepted: true }] });
  });

  it('is accepted by True alone', () => {
    for (const status of ['True', 'False', 'Unknown', 'true']) assert.equal(HTTPRoute.keep(route(status)).status.parents[0]?.accepted, status === 'True');
  });

  it('does not change with the times and generations of its status', () => assert.deepEqual(HTTPRoute.keep(route('True', '1', 1)), HTTPRoute.keep(route('True', '2', 2))));
});

describe('a Gateway', () => {
  it('keeps the addresses of its status, and not those that its spec asks for', () => {
    const gateway = Gateway.keep({ spec: { addresses: [{ value: '192.0.2.9' }] }, status: { addresses: [{ type: 'IPAddress', value: '192.0.2.1' }, { type: 'Hostname', value: 'lb.example.net' }, { value: '' }] } });
    assert.deepEqual(gateway.status.addresses, ['192.0.2.1', 'lb.example.net']);
  });
});

describe('an OpenShift Route', () => {
  it('is admitted by the first condition of that type', () => {
    const ingress = [{ routerName: 'a', conditions: [{ type: 'Admitted', status: 'False' }, { type: 'Admitted', status: 'True' }] }, { routerName: 'b', conditions: [{ type: 'Admitted', status: 'True' }] }, { routerName: 'c' }];
    assert.deepEqual(
      OpenShiftRoute.keep({ status: { ingress } }).status.ingress.map((report) => report.admitted),
      [false, true, false],
    );
  });
});
