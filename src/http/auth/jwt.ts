import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { ConfigurationError } from '../../errors.ts';

/** A JSON Web Token, signed by RS256 with a private key in PEM. `setting` names where the key comes from. Throws ConfigurationError where it is none. */
export function signJWT(header: Readonly<Record<string, unknown>>, claims: Readonly<Record<string, unknown>>, privateKeyPEM: string, setting: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', typ: 'JWT', ...header })}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), keyOf(privateKeyPEM, setting)).toString('base64url')}`;
}

function keyOf(pem: string, setting: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // the error of the parser may quote the key
    throw new ConfigurationError(`${setting}: its private key is no PEM key that can be read (a key with a passphrase cannot)`);
  }
  if (key.asymmetricKeyType !== 'rsa') throw new ConfigurationError(`${setting}: its private key is ${key.asymmetricKeyType ?? 'of an unknown kind'}; it must be an RSA key`);
  return key;
}
