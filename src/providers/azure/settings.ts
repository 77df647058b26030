import { readFileSync } from 'node:fs';
import type { Config } from '../../config/config.ts';
import { ConfigurationError } from '../../errors.ts';
import { fieldsOf } from '../../http/json.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** How we sign on. Files named here are read again for each token, since their content is renewed. */
export type Credentials =
  | { readonly type: 'client-secret'; readonly tenantId: string; readonly clientId: string; readonly clientSecret: string }
  | { readonly type: 'client-certificate'; readonly tenantId: string; readonly clientId: string; readonly certificateFile: string }
  | { readonly type: 'workload-identity'; readonly tenantId: string; readonly clientId: string; readonly tokenFile: string }
  /** `identity`: client id or resource id of a user-assigned one; '' for that of the machine. */
  | { readonly type: 'managed-identity'; readonly identity: string };

/** The hosts of a cloud. */
export interface Cloud {
  /** Where tokens are given, without final slash. */
  readonly authority: string;
  /** Of the Resource Manager, without final slash. */
  readonly resourceManager: string;
  /** What tokens are for. */
  readonly audience: string;
}

export interface AzureSettings {
  readonly cloud: Cloud;
  readonly subscriptionId: string;
  /** '': all of the subscription. */
  readonly resourceGroup: string;
  readonly credentials: Credentials;
}

const clouds = {
  public: { authority: 'https://login.microsoftonline.com', resourceManager: 'https://management.azure.com', audience: 'https://management.azure.com' },
  government: { authority: 'https://login.microsoftonline.us', resourceManager: 'https://management.usgovcloudapi.net', audience: 'https://management.usgovcloudapi.net' },
  china: { authority: 'https://login.chinacloudapi.cn', resourceManager: 'https://management.chinacloudapi.cn', audience: 'https://management.chinacloudapi.cn' },
} as const satisfies Record<string, Cloud>;

/** Names of clouds in azure.json, in small letters. */
const cloudNames: Readonly<Record<string, Cloud>> = {
  '': clouds.public,
  azurecloud: clouds.public,
  azurepubliccloud: clouds.public,
  azureusgovernment: clouds.government,
  azureusgovernmentcloud: clouds.government,
  azurechinacloud: clouds.china,
};

type Options = Pick<Config, 'azureConfigFile' | 'azureResourceGroup' | 'azureSubscriptionId' | 'azureUserAssignedIdentityClientId'>;

/** The settings of --azure-config-file, over which the flags go; what is in neither comes from AZURE_* variables. Throws ConfigurationError. */
export function readSettings(options: Options, env: Environment): AzureSettings {
  const file = new ConfigFile(options.azureConfigFile);
  const subscriptionId = options.azureSubscriptionId || file.text('subscriptionId') || (env['AZURE_SUBSCRIPTION_ID'] ?? '');
  if (subscriptionId === '') throw new ConfigurationError(`${file.setting}: has no subscriptionId, and --azure-subscription-id is not set`);
  return {
    cloud: cloudOf(file),
    subscriptionId,
    resourceGroup: options.azureResourceGroup || file.text('resourceGroup') || (env['AZURE_RESOURCE_GROUP'] ?? ''),
    credentials: credentialsOf(file, options.azureUserAssignedIdentityClientId, env),
  };
}

/** azure.json, in whatever case its keys are written. */
class ConfigFile {
  readonly setting: string;
  readonly #fields: ReadonlyMap<string, unknown>;

  constructor(file: string) {
    this.setting = `--azure-config-file: ${file}`;
    try {
      this.#fields = new Map(Object.entries(fieldsOf(JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, '')))).map(([key, value]) => [key.toLowerCase(), value]));
    } catch (error) {
      // the error of the parser quotes the file
      throw new ConfigurationError(error instanceof SyntaxError ? `${this.setting}: is no JSON` : `${this.setting}: cannot be read`, error instanceof SyntaxError ? {} : { cause: error });
    }
  }

  text(key: string): string {
    const value = this.#fields.get(key.toLowerCase());
    return typeof value === 'string' ? value.trim() : '';
  }

  flag(key: string): boolean {
    const value = this.#fields.get(key.toLowerCase());
    return value === true || value === 'true';
  }
}

function cloudOf(file: ConfigFile): Cloud {
  const name = file.text('cloud').toLowerCase();
  if (name === 'azurestackcloud') return stackCloud(file);
  const cloud = Object.hasOwn(cloudNames, name) ? cloudNames[name] : undefined;
  if (!cloud) throw new ConfigurationError(`${file.setting}: cloud "${file.text('cloud')}" is not known; there are AzurePublicCloud, AzureUSGovernmentCloud, AzureChinaCloud and AzureStackCloud`);
  return cloud;
}

function stackCloud(file: ConfigFile): Cloud {
  const url = (key: string): string => {
    const value = file.text(key);
    if (!URL.canParse(value)) throw new ConfigurationError(`${file.setting}: cloud AzureStackCloud needs ${key}, a URL`);
    return value.replace(/\/+$/, '');
  };
  return { authority: url('activeDirectoryAuthorityHost'), resourceManager: url('resourceManagerEndpoint'), audience: file.text('resourceManagerAudience') || url('resourceManagerEndpoint') };
}

/** Clusters with managed identities have this in place of a client id and a secret. */
const isGiven = (text: string): boolean => text !== '' && text.toLowerCase() !== 'msi';

/**
 * The order of ExternalDNS v0.22: a client secret goes before identities, since the files of some clusters have both; then workload identity, then
 * managed identity. Further than v0.22: certificates, and the variables of Azure's own libraries where the file says nothing.
 */
function credentialsOf(file: ConfigFile, identityFlag: string, env: Environment): Credentials {
  const [fileClient, fileSecret] = [file.text('aadClientId'), file.text('aadClientSecret')];
  const certificate = file.text('aadClientCertPath');
  const variable = (name: string): string => env[name] ?? '';
  const tenant = (): string => file.text('tenantId') || variable('AZURE_TENANT_ID') || missing(file, 'tenantId', 'AZURE_TENANT_ID');
  const client = (): string => (isGiven(fileClient) ? fileClient : variable('AZURE_CLIENT_ID')) || missing(file, 'aadClientId', 'AZURE_CLIENT_ID');
  const workload = (): Credentials => ({ type: 'workload-identity', tenantId: tenant(), clientId: client(), tokenFile: variable('AZURE_FEDERATED_TOKEN_FILE') || noTokenFile(file) });

  if (isGiven(fileClient) && isGiven(fileSecret)) return { type: 'client-secret', tenantId: tenant(), clientId: fileClient, clientSecret: fileSecret };
  if (isGiven(fileClient) && certificate !== '') return { type: 'client-certificate', tenantId: tenant(), clientId: fileClient, certificateFile: certificate };
  if (file.flag('useWorkloadIdentityExtension')) return workload();
  if (file.flag('useManagedIdentityExtension')) return { type: 'managed-identity', identity: identityFlag || file.text('userAssignedIdentityID') };
  if (variable('AZURE_CLIENT_SECRET') !== '') return { type: 'client-secret', tenantId: tenant(), clientId: client(), clientSecret: variable('AZURE_CLIENT_SECRET') };
  if (variable('AZURE_CLIENT_CERTIFICATE_PATH') !== '') return { type: 'client-certificate', tenantId: tenant(), clientId: client(), certificateFile: variable('AZURE_CLIENT_CERTIFICATE_PATH') };
  if (variable('AZURE_FEDERATED_TOKEN_FILE') !== '') return workload();
  throw new ConfigurationError(
    `${file.setting}: has no credentials; it needs aadClientId with aadClientSecret or aadClientCertPath, or "useWorkloadIdentityExtension": true, or "useManagedIdentityExtension": true`,
  );
}

function missing(file: ConfigFile, key: string, variable: string): never {
  throw new ConfigurationError(`${file.setting}: has no ${key}, and ${variable} is not set`);
}

function noTokenFile(file: ConfigFile): never {
  throw new ConfigurationError(`${file.setting}: useWorkloadIdentityExtension is set, but AZURE_FEDERATED_TOKEN_FILE is not; label the pod with azure.workload.identity/use: "true"`);
}
