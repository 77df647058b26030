import { RcodeError } from '../../dns/client.ts';
import { rcodes } from '../../dns/types.ts';
import { TsigError } from '../../dns/tsig.ts';
import { ConfigurationError, SoftError } from '../../errors.ts';

/** What a server's answer to a request for a zone means for what comes next (see ZoneProvider on kinds of errors), with what to do about it. */
export function refusal(error: unknown, zone: string, request: 'transfer' | 'update'): unknown {
  if (!(error instanceof RcodeError)) return error;
  const what = `${request} of zone ${zone || '.'}: ${error.message}`;
  switch (error.rcode) {
    case rcodes.NOTAUTH: {
      const message = `${what}; check that the server is primary for the zone (--rfc2136-zone), and that it has this key with this secret and algorithm (--rfc2136-tsig-...) and lets it change all names that are wished for`;
      return isAboutSignature(error) || request === 'transfer' ? new ConfigurationError(message, { cause: error.cause }) : new Error(message, { cause: error.cause });
    }
    case rcodes.NOTIMP:
      return new ConfigurationError(`${what}; the server does not know such requests`, { cause: error.cause });
    case rcodes.REFUSED:
      return new Error(`${what}; let the server allow it for the key (BIND: ${request === 'transfer' ? 'allow-transfer' : 'allow-update or update-policy'}; Knot: acl with action: ${request})`, { cause: error.cause });
    case rcodes.SERVFAIL:
      return new SoftError(`${what}; its log says why`, { cause: error.cause });
    case rcodes.YXRRSET:
      return new Error(`${what}: the name has records of other types, and a CNAME record must be alone; remove them, or wish for another name`, { cause: error.cause });
    default:
      return new Error(what, { cause: error.cause });
  }
}

/** Knot answers BADKEY for a single name that the key may not change, too, which is no reason to leave the other names alone. */
const isAboutSignature = ({ cause }: Error): boolean => cause instanceof TsigError && cause.code !== 0 && cause.code !== badKey;
const badKey = 17;
