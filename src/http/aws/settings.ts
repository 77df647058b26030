import { existsSync } from 'node:fs';
import path from 'node:path';
import { ConfigurationError } from '../../errors.ts';
import type { TlsOptions } from '../client/agents.ts';
import { readTlsFiles } from '../client/tls-files.ts';
import { environmentNames } from './endpoints.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Section = Readonly<Record<string, string | undefined>>;

/** Settings of a profile that stand for a variable each. https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html */
const variables: Readonly<Record<string, string>> = {
  region: 'AWS_REGION',
  endpoint_url: 'AWS_ENDPOINT_URL',
  ignore_configured_endpoint_urls: 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  use_fips_endpoint: 'AWS_USE_FIPS_ENDPOINT',
  use_dualstack_endpoint: 'AWS_USE_DUALSTACK_ENDPOINT',
  ca_bundle: 'AWS_CA_BUNDLE',
};

/** The profile that counts: the given one, else that of the environment; '' where none is named. */
export const profileOf = (env: Environment, given: string): string => given || env['AWS_PROFILE'] || env['AWS_DEFAULT_PROFILE'] || '';

/** The shared files of configuration and credentials, wherever the environment has them. */
export function sharedFiles(env: Environment): { readonly configFilepath: string; readonly filepath: string } {
  const home = path.join(env['HOME'] ?? '', '.aws');
  return { configFilepath: env['AWS_CONFIG_FILE'] || path.join(home, 'config'), filepath: env['AWS_SHARED_CREDENTIALS_FILE'] || path.join(home, 'credentials') };
}

/**
 * The environment, with what the shared files say of a profile (region, endpoints, authorities) below it, under the names of the variables.
 * `given`: '' for the profile of the environment. Rejects with ConfigurationError where a profile that was named is in neither file.
 */
export async function withSharedSettings(env: Environment, given: string): Promise<Environment> {
  const files = sharedFiles(env);
  const named = given || env['AWS_PROFILE'] || '';
  if (!existsSync(files.configFilepath) && !existsSync(files.filepath)) return named === '' ? env : missingProfile(named, files);
  const { loadSharedConfigFiles } = await import('./sdk.ts');
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ...files, ignoreCache: true });
  const name = profileOf(env, given) || 'default';
  if (named !== '' && !configFile[named] && !credentialsFile[named]) missingProfile(named, files);
  const profile: Section = { ...configFile[name], ...credentialsFile[name] };
  const merged: Record<string, string | undefined> = { ...env };
  const add = (variable: string, value: string | undefined): void => {
    if (value && !merged[variable]) merged[variable] = value;
  };
  if (!env['AWS_ENDPOINT_URL']) {
    const services: Section = (profile['services'] && configFile[`services.${profile['services']}`]) || {};
    for (const variable of Object.values(environmentNames)) add(`AWS_ENDPOINT_URL_${variable}`, services[`${variable.toLowerCase()}.endpoint_url`]);
  }
  for (const [setting, variable] of Object.entries(variables)) if (setting !== 'region' || !env['AWS_DEFAULT_REGION']) add(variable, profile[setting]);
  return merged;
}

function missingProfile(name: string, { configFilepath, filepath }: ReturnType<typeof sharedFiles>): never {
  throw new ConfigurationError(`AWS profile "${name}" is neither in ${configFilepath} nor in ${filepath}; add it there, or take it from --aws-profile or AWS_PROFILE`);
}

/** The authorities of AWS_CA_BUNDLE, if it is set: only these are trusted then. Throws ConfigurationError where the file holds none. */
export const trustOf = (env: Environment): Pick<TlsOptions, 'ca'> => readTlsFiles({ ca: { path: env['AWS_CA_BUNDLE'], setting: 'AWS_CA_BUNDLE' } });
