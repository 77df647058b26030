import { isIPv4, isIPv6 } from 'node:net';

/** An IP address by its value: 4 bytes for IPv4, 16 for IPv6 (also for `::ffff:192.0.2.1`). */
export type AddressBytes = readonly number[];

/** The bytes of an address in any spelling; undefined for what is no IP address. A zone (`%eth0`) is left out. */
export function addressBytes(text: string): AddressBytes | undefined {
  if (isIPv4(text)) return text.split('.').map(Number);
  if (!isIPv6(text)) return undefined;
  const [plain = ''] = text.split('%');
  const [head = '', tail] = plain.split('::');
  const front = groupBytes(head);
  if (tail === undefined) return front;
  const back = groupBytes(tail);
  return [...front, ...Array.from({ length: 16 - front.length - back.length }, () => 0), ...back];
}

function groupBytes(groups: string): number[] {
  if (groups === '') return [];
  return groups.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** The spelling of RFC 5952: lower case, the longest run of zeros as `::`; IPv4 stays as it is. */
export function canonicalAddress(bytes: AddressBytes): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.slice(0, 12).join() === mappedPrefix) return `::ffff:${bytes.slice(12).join('.')}`;
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) * 256 + (bytes[2 * i + 1] ?? 0)).toString(16));
  const { start, length } = longestZeroRun(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

const mappedPrefix = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255].join();

function longestZeroRun(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === '0') length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}

/** IPv4 before IPv6, then by value. */
export function compareAddresses(a: AddressBytes, b: AddressBytes): number {
  if (a.length !== b.length) return a.length - b.length;
  for (const [i, byte] of a.entries()) {
    const difference = byte - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
