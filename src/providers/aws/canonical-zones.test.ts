import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canonicalZone, canonicalZones } from './canonical-zones.ts';

describe('zones of names of AWS', () => {
  const cases: readonly (readonly [title: string, target: string, zone: string | undefined])[] = [
    ['an application load balancer', 'web-1.eu-central-1.elb.amazonaws.com', 'Z215JYRZR1TBD5'],
    ['a load balancer for both families', 'dualstack.web-1.eu-central-1.elb.amazonaws.com', 'Z215JYRZR1TBD5'],
    ['a network load balancer', 'web-1.elb.eu-central-1.amazonaws.com', 'Z3F0SRJ5LGBH90'],
    ['capitals and a final dot', 'Web-1.US-EAST-1.elb.amazonaws.com.', 'Z35SXDOTRQ7X7K'],
    ['China', 'web-1.cn-north-1.elb.amazonaws.com.cn', 'Z1GDH35T77C1KE'],
    ['GovCloud', 'web-1.elb.us-gov-west-1.amazonaws.com', 'ZMG1MZ2THAWF1'],
    ['CloudFront', 'd111111abcdef8.cloudfront.net', 'Z2FDTNDATAQYW2'],
    ['Global Accelerator', 'a123.awsglobalaccelerator.com', 'Z2BJ6XQ5FK7U4H'],
    ['a VPC endpoint', 'vpce-1.svc.us-east-1.vpce.amazonaws.com', 'Z7HUB22UULQXV'],
    ['API Gateway', 'd-1.execute-api.eu-central-1.amazonaws.com', 'Z1U9ULNL0V5AJ3'],
    ['a region that is not known', 'web-1.xx-north-9.elb.amazonaws.com', undefined],
    ['another domain', 'lb.example.net', undefined],
    ['a name that only ends alike', 'evilcloudfront.net', undefined],
    ['a property of every object', 'a.constructor', undefined],
  ];
  for (const [title, target, zone] of cases) it(title, () => assert.equal(canonicalZone(target), zone));

  it('has one for load balancers of both kinds in every region', () => {
    const regions = (kind: RegExp): string[] => Object.keys(canonicalZones).flatMap((name) => kind.exec(name)?.[1] ?? []);
    const [application, network] = [regions(/^([a-z0-9-]+)\.elb\.amazonaws/), regions(/^elb\.([a-z0-9-]+)\.amazonaws/)];
    assert.ok(application.length >= 38, String(application.length));
    assert.deepEqual(application.toSorted(), network.toSorted());
  });
});
