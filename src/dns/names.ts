/** Names in DNS messages. As text they have no final dot, and bytes that are no plain characters stand as `\.`, `\\`, `\"` or `\DDD`. */

/** A message that is none. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

const maxNameBytes = 255;
const maxLabelBytes = 63;

/** The labels of a name, as bytes. Throws FormatError for labels that are empty or too long. */
export function labelsOf(name: string): Buffer[] {
  if (name === '' || name === '.') return [];
  const labels: number[][] = [[]];
  const bytes = Buffer.from(name);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === dot) {
      // a final dot changes nothing
      if (i < bytes.length - 1) labels.push([]);
    } else if (byte !== backslash) labels.at(-1)?.push(byte);
    else {
      const decimal = /^\d{3}$/.test(name.slice(i + 1, i + 4)) ? Number(name.slice(i + 1, i + 4)) : undefined;
      if (decimal !== undefined && decimal > 255) throw new FormatError(`name ${JSON.stringify(name)}: \\${decimal} is no byte`);
      if (i + 1 >= bytes.length) throw new FormatError(`name ${JSON.stringify(name)} ends in a backslash`);
      labels.at(-1)?.push(decimal ?? bytes[i + 1] ?? 0);
      i += decimal === undefined ? 1 : 3;
    }
  }
  if (labels.some((l) => l.length === 0 || l.length > maxLabelBytes)) throw new FormatError(`name ${JSON.stringify(name)}: a label must have 1 to ${maxLabelBytes} bytes`);
  if (labels.reduce((sum, l) => sum + l.length + 1, 1) > maxNameBytes) throw new FormatError(`name ${JSON.stringify(name)} has more than ${maxNameBytes} bytes`);
  return labels.map((l) => Buffer.from(l));
}

/** The text of a label. */
export function labelText(label: Uint8Array): string {
  let text = '';
  for (const byte of label) {
    if (byte === dot || byte === backslash || byte === quote) text += `\\${String.fromCharCode(byte)}`;
    else if (byte > 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\${String(byte).padStart(3, '0')}`;
  }
  return text;
}

/** A name in the bytes of a message, without compression. */
export const nameBytes = (name: string): Buffer => Buffer.concat([...labelsOf(name).flatMap((l) => [Buffer.from([l.length]), l]), Buffer.from([0])]);

/** Reads a name at an offset, following compression; gives it and the offset behind it. Throws FormatError. */
export function readName(message: Buffer, offset: number): { readonly name: string; readonly next: number } {
  const labels: string[] = [];
  let next: number | undefined;
  let size = 1;
  for (let at = offset; ; ) {
    const length = message[at];
    if (length === undefined) throw new FormatError('a name ends behind the message');
    if ((length & 0xc0) === 0xc0) {
      const low = message[at + 1];
      if (low === undefined) throw new FormatError('a name ends behind the message');
      const target = ((length & 0x3f) << 8) | low;
      // only backwards: else it could go round for ever
      if (target >= at) throw new FormatError('a name points forwards');
      next ??= at + 2;
      at = target;
      continue;
    }
    if (length > maxLabelBytes) throw new FormatError('a label is too long');
    if (length === 0) return { name: labels.join('.'), next: next ?? at + 1 };
    size += length + 1;
    if (size > maxNameBytes || at + 1 + length > message.length) throw new FormatError('a name is too long');
    labels.push(labelText(message.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
}

const [dot, backslash, quote] = [0x2e, 0x5c, 0x22];
