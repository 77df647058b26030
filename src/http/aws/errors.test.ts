import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigurationError } from '../../errors.ts';
import { isCertainlyUndone, StatusError } from '../client/index.ts';
import { AwsRefusal, awsError } from './errors.ts';

const error = (status: number, code: string, message = 'it is so'): Error => awsError('route53:ListHostedZones', 'zone example.org', { status, header: () => undefined }, { code, message });

describe('errors of AWS', () => {
  const kinds: readonly (readonly [title: string, status: number, code: string, kind: new (...a: never[]) => Error])[] = [
    ['too many calls may pass, whatever the status', 400, 'Throttling', StatusError],
    ['so may a request before that is not complete', 400, 'PriorRequestNotComplete', StatusError],
    ['so may an error of the service', 500, 'InternalFailure', StatusError],
    ['and an answer of something between', 502, '', StatusError],
    ['a key that is not known is for the user to mend', 403, 'InvalidClientTokenId', ConfigurationError],
    ['so is a wrong signature', 403, 'SignatureDoesNotMatch', ConfigurationError],
    ['so is a permission', 403, 'AccessDenied', ConfigurationError],
    ['all else is a refusal', 400, 'InvalidChangeBatch', AwsRefusal],
    ['with a code or without', 418, '', AwsRefusal],
  ];
  for (const [title, status, code, kind] of kinds) it(title, () => assert.ok(error(status, code) instanceof kind, error(status, code).constructor.name));

  it('name the action that is to be allowed', () => assert.match(error(403, 'AccessDeniedException').message, /zone example\.org: .*allow the action route53:ListHostedZones in the IAM policy/));
  it('say that nothing was done where a call came too soon', () => assert.deepEqual([error(400, 'Throttling'), error(500, 'InternalFailure')].map(isCertainlyUndone), [true, false]));
});
