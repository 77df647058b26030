// The parts of AWS's own SDK that are used; a module of its own, since it is loaded only where the environment holds no keys.
export { fromHttp } from '@aws-sdk/credential-provider-http';
export { fromIni } from '@aws-sdk/credential-provider-ini';
export { fromInstanceMetadata } from '@smithy/credential-provider-imds';
export { loadSharedConfigFiles } from '@smithy/core/config';
