import { SoftError } from '../../errors.ts';
import { asNumber, asRecord, asText } from '../keep.ts';

/** An answer of the API server that is no success. */
export class ApiError extends SoftError {
  /** HTTP status; also that of an ERROR event of a watch. */
  readonly status: number;
  /** As in the Status object: NotFound, Conflict, AlreadyExists, Expired, Forbidden, ...; '' where there is none. */
  readonly reason: string;
  /** The answer is a Status object: it comes from the API itself, not from its router or a proxy before it. */
  readonly fromApi: boolean;

  constructor(message: string, facts: { status: number; reason: string; fromApi: boolean; retryAfterMs?: number | undefined }) {
    super(message, { retryAfterMs: facts.retryAfterMs });
    this.status = facts.status;
    this.reason = facts.reason;
    this.fromApi = facts.fromApi;
  }
}

/** The error of an answer, whose body is a Status object if all is well, but may be anything. */
export function apiError(status: number, body: unknown, retryAfterMs?: number): ApiError {
  const record = asRecord(body);
  const details = asRecord(record['details']);
  const seconds = asNumber(details['retryAfterSeconds']);
  const fromApi = record['kind'] === 'Status';
  const text = typeof body === 'string' ? body.trim().slice(0, maxText) : '';
  const message = (asText(record['message']) ?? text) || `the API server answered with HTTP status ${status}`;
  return new ApiError(message, {
    status: asNumber(record['code']) ?? status,
    reason: asText(record['reason']) ?? '',
    fromApi,
    retryAfterMs: retryAfterMs ?? (seconds === undefined || seconds <= 0 ? undefined : seconds * 1000),
  });
}

/** A resource version or a continue token is too old: everything is to be listed again. */
export const isExpired = (error: unknown): boolean => error instanceof ApiError && (error.status === 410 || error.reason === 'Expired' || error.reason === 'Gone');

export const isConflict = (error: unknown): boolean => error instanceof ApiError && error.reason === 'Conflict';

export const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

/** A right is missing, or an admission plug-in refuses it. */
export const isForbidden = (error: unknown): boolean => error instanceof ApiError && error.status === 403;

/** HTML pages of proxies are long. */
const maxText = 200;
