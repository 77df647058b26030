/** Record types by their numbers (IANA, DNS parameters). Others are written as TYPE123 (RFC 3597). */
const typeNumbers: Readonly<Record<string, number>> = {
  A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, HINFO: 13, MX: 15, TXT: 16, AAAA: 28, LOC: 29, SRV: 33, NAPTR: 35, DNAME: 39, OPT: 41, DS: 43, SSHFP: 44, RRSIG: 46, NSEC: 47,
  DNSKEY: 48, TLSA: 52, SVCB: 64, HTTPS: 65, SPF: 99, TKEY: 249, TSIG: 250, IXFR: 251, AXFR: 252, ANY: 255, CAA: 257,
};
const typeNames = new Map(Object.entries(typeNumbers).map(([name, number]) => [number, name]));

export const typeName = (number: number): string => typeNames.get(number) ?? `TYPE${number}`;

/** Throws Error for what is no type. */
export function typeNumber(name: string): number {
  const known = typeNumbers[name];
  if (known !== undefined) return known;
  const number = Number(/^TYPE(\d{1,5})$/.exec(name)?.[1] ?? Number.NaN);
  if (!(number <= 0xffff)) throw new Error(`${name} is no record type`);
  return number;
}

export const classes = { IN: 1, NONE: 254, ANY: 255 } as const;
export const opcodes = { QUERY: 0, NOTIFY: 4, UPDATE: 5 } as const;
export const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, YXDOMAIN: 6, YXRRSET: 7, NXRRSET: 8, NOTAUTH: 9, NOTZONE: 10, BADVERS: 16 } as const;

const rcodeNames = new Map<number, string>(Object.entries(rcodes).map(([name, number]) => [number, name]));
export const rcodeName = (rcode: number): string => rcodeNames.get(rcode) ?? `RCODE${rcode}`;
