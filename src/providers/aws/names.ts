/**
 * Names as Route 53 spells them: odd characters as octal escapes (`\052` is an asterisk), a dot at the end.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
 */
export function readName(stored: string): string {
  const name = stored.endsWith('.') ? stored.slice(0, -1) : stored;
  if (!name.includes('\\')) return name;
  const bytes: number[] = [];
  for (let i = 0; i < name.length; ) {
    const octal = /^\\([0-3][0-7]{2})/.exec(name.slice(i, i + 4));
    bytes.push(...(octal?.[1] === undefined ? Buffer.from(name.charAt(i)) : [Number.parseInt(octal[1], 8)]));
    i += octal ? 4 : 1;
  }
  return Buffer.from(bytes).toString('utf8');
}

/** A name as it is sent: what is no letter, digit, hyphen, underscore, dot or asterisk as octal escapes. */
export function writeName(name: string): string {
  if (/^[\w.*-]*$/.test(name)) return name;
  return [...Buffer.from(name)].map((byte) => (/[\w.*-]/.test(String.fromCharCode(byte)) && byte < 0x80 ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`)).join('');
}

/** A zone's id without the path that it may stand behind (`/hostedzone/Z123`). */
export const bareZoneId = (id: string): string => id.trim().replace(/^\/?hostedzone\//, '');
