import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigurationError } from '../../errors.ts';
import { fieldsOf, textOf } from '../../http/json.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Fields = Readonly<Record<string, unknown>>;

/** Where access tokens come from. Files named here are read again for each token, since their content is renewed. */
export type Credentials =
  | { readonly type: 'service_account'; readonly email: string; readonly privateKey: string; readonly keyId: string; readonly tokenUrl: string }
  /** Also external_account_authorized_user: the same exchange at another address. */
  | { readonly type: 'authorized_user'; readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string; readonly tokenUrl: string }
  | {
      readonly type: 'external_account';
      readonly audience: string;
      readonly subjectTokenType: string;
      readonly tokenUrl: string;
      readonly subject: SubjectToken;
      readonly impersonationUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly workforceProject: string;
    }
  | { readonly type: 'impersonated_service_account'; readonly source: Credentials; readonly impersonationUrl: string; readonly delegates: readonly string[] }
  | { readonly type: 'metadata' };

/** Where the token of the other identity provider is; `field`: of JSON, '' where it is the token itself. `awsUrl`: of STS, with `{region}` in it; the token is a signed call of it. */
export type SubjectToken = ({ readonly field: string } & ({ readonly file: string } | { readonly url: string; readonly headers: Readonly<Record<string, string>> })) | { readonly awsUrl: string };

/** What application default credentials hold. */
export interface Found {
  readonly credentials: Credentials;
  /** For the log: the file or the metadata server. */
  readonly origin: string;
  /** The file they are from, if any. */
  readonly file?: string;
  /** Of a service account; '' where it is not known. */
  readonly project: string;
  /** googleapis.com but in sovereign clouds. */
  readonly universe: string;
}

/**
 * Application default credentials: the file of GOOGLE_APPLICATION_CREDENTIALS, else that of `gcloud auth application-default login`,
 * else the metadata server. Throws ConfigurationError where a file is not as it must be.
 */
export function findCredentials(env: Environment): Found {
  const named = env['GOOGLE_APPLICATION_CREDENTIALS'];
  if (named) return fromFile(named, `GOOGLE_APPLICATION_CREDENTIALS: ${named}`);
  const home = path.join(env['HOME'] ?? '', '.config', 'gcloud', 'application_default_credentials.json');
  if (env['HOME'] && isThere(home)) return fromFile(home, home);
  return { credentials: { type: 'metadata' }, origin: 'metadata server', project: '', universe: defaultUniverse };
}

const defaultUniverse = 'googleapis.com';
const defaultTokenUrl = 'https://oauth2.googleapis.com/token';

function fromFile(file: string, setting: string): Found {
  let fields: Fields;
  try {
    fields = fieldsOf(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    // the error of the parser quotes the file
    throw new ConfigurationError(error instanceof SyntaxError ? `${setting}: is no JSON` : `${setting}: cannot be read`, error instanceof SyntaxError ? {} : { cause: error });
  }
  return { credentials: parse(fields, setting), origin: file, file, project: textOf(fields['project_id']), universe: textOf(fields['universe_domain']) || defaultUniverse };
}

function parse(fields: Fields, setting: string): Credentials {
  const type = textOf(fields['type']);
  const need = (name: string): string => textOf(fields[name]) || missing(setting, type, name);
  switch (type) {
    case 'service_account':
      return { type, email: need('client_email'), privateKey: need('private_key'), keyId: textOf(fields['private_key_id']), tokenUrl: textOf(fields['token_uri']) || defaultTokenUrl };
    case 'authorized_user':
      return { type, clientId: need('client_id'), clientSecret: need('client_secret'), refreshToken: need('refresh_token'), tokenUrl: textOf(fields['token_uri']) || defaultTokenUrl };
    case 'external_account_authorized_user':
      return { type: 'authorized_user', clientId: need('client_id'), clientSecret: need('client_secret'), refreshToken: need('refresh_token'), tokenUrl: need('token_url') };
    case 'external_account':
      return {
        type,
        audience: need('audience'),
        subjectTokenType: need('subject_token_type'),
        tokenUrl: textOf(fields['token_url']) || 'https://sts.googleapis.com/v1/token',
        subject: subjectToken(fieldsOf(fields['credential_source']), setting),
        impersonationUrl: textOf(fields['service_account_impersonation_url']),
        clientId: textOf(fields['client_id']),
        clientSecret: textOf(fields['client_secret']),
        workforceProject: textOf(fields['workforce_pool_user_project']),
      };
    case 'impersonated_service_account': {
      const delegates = Array.isArray(fields['delegates']) ? fields['delegates'].map(textOf).filter(Boolean) : [];
      return { type, source: parse(fieldsOf(fields['source_credentials']), `${setting}: source_credentials`), impersonationUrl: need('service_account_impersonation_url'), delegates };
    }
    default:
      throw new ConfigurationError(`${setting}: credentials of type "${type}" are not supported; there are service_account, authorized_user, external_account, external_account_authorized_user and impersonated_service_account`);
  }
}

function subjectToken(source: Fields, setting: string): SubjectToken {
  const format = fieldsOf(source['format']);
  const field = textOf(format['type']) === 'json' ? textOf(format['subject_token_field_name']) || missing(setting, 'external_account', 'credential_source.format.subject_token_field_name') : '';
  const [file, url, awsUrl] = [textOf(source['file']), textOf(source['url']), textOf(source['regional_cred_verification_url'])];
  if (source['environment_id'] === 'aws1') return { awsUrl: awsUrl || missing(setting, 'external_account', 'credential_source.regional_cred_verification_url') };
  if (source['environment_id'] === undefined && file) return { file, field };
  if (source['environment_id'] === undefined && url) {
    const headers = Object.fromEntries(Object.entries(fieldsOf(source['headers'])).map(([name, value]) => [name, textOf(value)]));
    return { url, headers, field };
  }
  throw new ConfigurationError(`${setting}: credential_source of external_account must have a file, a url or the environment_id aws1; other sources (executables, certificates) are not supported`);
}

function missing(setting: string, type: string, name: string): never {
  throw new ConfigurationError(`${setting}: credentials of type ${type} need the field ${name}`);
}

function isThere(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}
