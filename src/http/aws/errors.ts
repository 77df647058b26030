import { ConfigurationError } from '../../errors.ts';
import { type HttpResponse, retryAfterMs, StatusError, statusError } from '../client/index.ts';

/** The answer says that a call was refused for good; `code` is AWS's name of the reason. */
export class AwsRefusal extends Error {
  override readonly name = 'AwsRefusal';
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** Codes of a call that came too soon after others: nothing was done. */
const tooSoon = new Set([
  'Throttling', 'ThrottlingException', 'ThrottledException', 'RequestThrottledException', 'RequestThrottled', 'TooManyRequestsException', 'RequestLimitExceeded',
  'BandwidthLimitExceeded', 'LimitExceededException', 'SlowDown', 'PriorRequestNotComplete', 'ProvisionedThroughputExceededException', 'TransactionInProgressException', 'EC2ThrottledException',
]);
/** Codes of calls that may succeed with the same words a moment later. */
const passing = new Set(['RequestTimeout', 'RequestTimeoutException', 'InternalError', 'InternalFailure', 'InternalServerError', 'ServiceUnavailable', 'ServiceUnavailableException']);
const deniedCodes = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'NotAuthorized', 'AuthorizationError']);
const credentialCodes = new Set([
  'InvalidClientTokenId', 'UnrecognizedClientException', 'SignatureDoesNotMatch', 'InvalidSignatureException', 'MissingAuthenticationToken', 'IncompleteSignature', 'AuthFailure', 'OptInRequired',
  'ExpiredToken', 'ExpiredTokenException', 'RequestExpired',
]);

export const isThrottled = (code: string): boolean => tooSoon.has(code);
/** A permission is missing: for all that the action is called for, or for just this. */
export class DeniedError extends ConfigurationError {}

/** Whether other credentials would help. */
export const isOfCredentials = (code: string): boolean => credentialCodes.has(code);

/** What AWS says went wrong. */
export interface AwsFailure {
  readonly code: string;
  readonly message: string;
}

/**
 * The error of an answer that is none of success: StatusError (soft) for what may pass, ConfigurationError for credentials and for
 * permissions (with the missing action of IAM), else AwsRefusal. `action` as in `route53:ListHostedZones`, `object` what it was called for.
 */
export function awsError(action: string, object: string, response: Pick<HttpResponse, 'status' | 'header'>, { code, message }: AwsFailure): Error {
  const what = `${action}${object && ` of ${object}`}`;
  const said = `${what}: ${code || `status ${response.status}`}${message && `: ${message}`}`;
  const retryAfter = { retryAfterMs: retryAfterMs(response.header('retry-after'), Date.now()) };
  if (tooSoon.has(code)) return new StatusError(said, 429, retryAfter);
  if (passing.has(code)) return new StatusError(said, response.status >= 500 ? response.status : 503, retryAfter);
  if (deniedCodes.has(code)) return new DeniedError(`${said}; allow the action ${action} in the IAM policy of these credentials`);
  if (credentialCodes.has(code)) return new ConfigurationError(`${said}; check the credentials${code === 'RequestExpired' || /clock|skew/i.test(message) ? ' and the clock of the machine' : ''}`);
  const other = statusError(what, response, message);
  return other instanceof StatusError ? other : new AwsRefusal(said, code);
}
