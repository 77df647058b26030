import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
/** The standard sizes of GCM (NIST SP 800-38D): a nonce of 96 bits, a tag of 128. */
const nonceBytes = 12;
const tagBytes = 16;
/** An ownership text is some hundred characters long; more than this is no such text. */
const longestTextBytes = 64 * 1024;
const base64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** gzip, then AES-256-GCM; base64 of nonce, data and tag. ExternalDNS v0.22 reads and writes the same. */
export function encryptText(plain: string, key: Uint8Array): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  const data = Buffer.concat([cipher.update(gzipSync(plain, { level: 9 })), cipher.final()]);
  return Buffer.concat([nonce, data, cipher.getAuthTag()]).toString('base64');
}

/** The opposite of encryptText; undefined for what is not encrypted with this key. */
export function decryptText(encrypted: string, key: Uint8Array): string | undefined {
  if (!base64.test(encrypted)) return undefined;
  const data = Buffer.from(encrypted, 'base64');
  if (data.length <= nonceBytes + tagBytes) return undefined;
  try {
    const decipher = createDecipheriv(algorithm, key, data.subarray(0, nonceBytes), { authTagLength: tagBytes });
    decipher.setAuthTag(data.subarray(-tagBytes));
    const zipped = Buffer.concat([decipher.update(data.subarray(nonceBytes, -tagBytes)), decipher.final()]);
    return gunzipSync(zipped, { maxOutputLength: longestTextBytes }).toString('utf8');
  } catch {
    return undefined;
  }
}

/** A key of 32 bytes, given as they are or in base64 (also URL-safe, without padding, or in several lines); undefined for anything else. */
export function parseEncryptionKey(text: string): Uint8Array | undefined {
  const plain = Buffer.from(text, 'utf8');
  if (plain.length === keyBytes) return plain;
  const encoded = text.replace(/\s/g, '');
  if (!base64.test(encoded)) return undefined;
  const decoded = Buffer.from(encoded, 'base64');
  return decoded.length === keyBytes ? decoded : undefined;
}
