import { readFile } from 'node:fs/promises';
import type { FromFiles } from '../../config/changing-files.ts';
import { ConfigurationError, messageOf, SoftError } from '../../errors.ts';
import { profileOf, sharedFiles } from './settings.ts';
import { assumeRole, assumeRoleWithWebIdentity, type StsOptions } from './sts.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Left out: they are good for ever. */
  readonly expiration?: Date;
}

export interface CredentialsSource {
  /** The credentials as they are now; fetched anew a while before they expire. Rejects with ConfigurationError or SoftError. */
  get(signal: AbortSignal): Promise<Credentials>;
  /** AWS does not take them any more. */
  forget(): void;
}

export interface CredentialsOptions extends StsOptions {
  /** Of the shared configuration; '' for the usual order of places. */
  readonly profile: string;
  /** A role to assume with what was found (--aws-assume-role); '' for none. */
  readonly role: string;
  /** Asked for whenever the role is assumed. */
  readonly externalId: FromFiles<string>;
}

/**
 * Credentials from where AWS's own programs look for them: environment, web identity (IAM roles for service accounts), profile of the shared
 * files (with roles, single sign-on and processes), container endpoint (EKS pod identity, ECS), instance metadata (version 2).
 * A profile that is named goes before all others.
 */
export function credentialsOf(options: CredentialsOptions): CredentialsSource {
  return cached((signal) => (options.role === '' ? chain(options, signal) : inRole(options, signal)));
}

/** Time before their end at which credentials are fetched anew. */
const earlyMs = 5 * 60_000;

/** Keeps what `fetch` gave until shortly before it expires. Who asks meanwhile waits for the same answer. */
export function cached(fetch: (signal: AbortSignal) => Promise<Credentials>, now: () => number = Date.now): CredentialsSource {
  let held: Credentials | undefined;
  let pending: Promise<Credentials> | undefined;
  const leftMs = (): number => (held ? (held.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - now() : 0);
  return {
    async get(signal) {
      if (held && leftMs() > earlyMs) return held;
      pending ??= fetch(signal).finally(() => (pending = undefined));
      try {
        held = await pending;
      } catch (error) {
        // they are good for some minutes yet
        if (!held || leftMs() <= 0) throw error;
      }
      return held;
    },
    forget() {
      held = undefined;
    },
  };
}

async function inRole(options: CredentialsOptions, signal: AbortSignal): Promise<Credentials> {
  return assumeRole(await chain(options, signal), { RoleArn: options.role, ExternalId: options.externalId.current() }, options, signal);
}

async function chain(options: CredentialsOptions, signal: AbortSignal): Promise<Credentials> {
  const { env, profile } = options;
  if (profile === '') {
    // the shorter names are older, and still read
    const [accessKeyId, secretAccessKey, sessionToken] = [env['AWS_ACCESS_KEY_ID'] || env['AWS_ACCESS_KEY'], env['AWS_SECRET_ACCESS_KEY'] || env['AWS_SECRET_KEY'], env['AWS_SESSION_TOKEN']];
    if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
    const file = env['AWS_WEB_IDENTITY_TOKEN_FILE'];
    if (file) return ofWebIdentity(file, options, signal);
  }
  return (await ofProfile(options, signal)) ?? (await ofContainer(env)) ?? (await ofInstance(env)) ?? nowhere(profile);
}

async function ofWebIdentity(file: string, options: CredentialsOptions, signal: AbortSignal): Promise<Credentials> {
  const role = options.env['AWS_ROLE_ARN'];
  if (!role) throw new ConfigurationError('AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not; annotate the service account with eks.amazonaws.com/role-arn');
  const token = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new ConfigurationError(`AWS_WEB_IDENTITY_TOKEN_FILE: ${file} cannot be read`, { cause: error });
  });
  return assumeRoleWithWebIdentity({ RoleArn: role, RoleSessionName: options.env['AWS_ROLE_SESSION_NAME'], WebIdentityToken: token.trim() }, options, signal);
}

async function ofProfile(options: CredentialsOptions, signal: AbortSignal): Promise<Credentials | undefined> {
  const { fromIni } = await import('./sdk.ts');
  const profile = profileOf(options.env, options.profile);
  const read = fromIni({
    ...sharedFiles(options.env),
    // a file that changes under a running program counts
    ignoreCache: true,
    ...(profile !== '' && { profile }),
    roleAssumer: (by, parameters) => assumeRole(by, { ...parameters }, options, signal),
    roleAssumerWithWebIdentity: (parameters) => assumeRoleWithWebIdentity({ RoleArn: parameters.RoleArn, RoleSessionName: parameters.RoleSessionName, WebIdentityToken: parameters.WebIdentityToken }, options, signal),
  });
  return settled(read, options.profile === '' ? 'the shared configuration files' : `profile "${options.profile}"`, options.profile !== '' && !hasMore(options.env));
}

async function ofContainer(env: CredentialsOptions['env']): Promise<Credentials | undefined> {
  if (!env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] && !env['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI']) return undefined;
  const { fromHttp } = await import('./sdk.ts');
  return settled(fromHttp({ timeout: 1000, maxRetries: 3 }), 'the container credentials endpoint', true);
}

async function ofInstance(env: CredentialsOptions['env']): Promise<Credentials | undefined> {
  if (env['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true') return undefined;
  const { fromInstanceMetadata } = await import('./sdk.ts');
  return settled(fromInstanceMetadata({ timeout: 1000, maxRetries: 2 }), 'the instance metadata service', false);
}

/** Whether there is a place to look in after the profile. */
const hasMore = (env: CredentialsOptions['env']): boolean => env['AWS_EC2_METADATA_DISABLED']?.toLowerCase() !== 'true' || Boolean(env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] ?? env['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI']);

/** What a library's provider gives; undefined where it has nothing and others may be asked. `decisive`: it must have them. */
async function settled(read: () => Promise<Credentials>, place: string, decisive: boolean): Promise<Credentials | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ConfigurationError || error instanceof SoftError) throw error;
    const mayGoOn = error instanceof Error && 'tryNextLink' in error && error.tryNextLink !== false;
    if (mayGoOn && !decisive) return undefined;
    throw new ConfigurationError(`AWS credentials cannot be had from ${place}: ${messageOf(error)}`, { cause: error });
  }
}

function nowhere(profile: string): never {
  throw new ConfigurationError(
    `no AWS credentials were found${profile && ` for profile "${profile}"`}; give the pod a role (EKS pod identity, or IAM roles for service accounts), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
  );
}
