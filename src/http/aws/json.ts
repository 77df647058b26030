import type { HttpResponse } from '../client/index.ts';
import type { AwsFailure } from './errors.ts';

/** Code and message of a failed answer of AWS's JSON protocols: `{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"..."}`. */
export function jsonFailure(response: HttpResponse): AwsFailure {
  try {
    const { __type: type, message, Message } = response.json() as { readonly __type?: unknown; readonly message?: unknown; readonly Message?: unknown };
    return { code: typeof type === 'string' ? type.slice(type.indexOf('#') + 1) : '', message: [message, Message].find((m) => typeof m === 'string') ?? '' };
  } catch {
    return { code: '', message: '' };
  }
}
