import { createHmac } from 'node:crypto';
import { nameBytes } from '../../src/dns/names.ts';
import type { TsigKey } from '../../src/dns/tsig.ts';

/** Signs the messages of a response as a server does, written apart from what is tested. `isSigned`: which of them; `macBytes`: for signatures that are cut short. */
export function signTransfer(messages: readonly Buffer[], key: TsigKey, requestMac: Buffer, nowMs: number, isSigned: (i: number) => boolean = () => true, macBytes?: number): Buffer[] {
  const [name, algorithm] = [nameBytes(key.name.toLowerCase()), nameBytes(key.algorithm === 'hmac-md5' ? 'hmac-md5.sig-alg.reg.int' : key.algorithm)];
  const time = Buffer.alloc(8);
  time.writeUIntBE(Math.floor(nowMs / 1000), 0, 6);
  time.writeUInt16BE(300, 6);
  const sized = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
  let prior = requestMac;
  let pending: Buffer[] = [];
  return messages.map((message, i) => {
    pending.push(message);
    if (!isSigned(i)) return message;
    const rest = i === 0 ? [name, Buffer.from('00ff00000000', 'hex'), algorithm, time, Buffer.alloc(4)] : [time];
    const mac = createHmac(key.algorithm.slice(5), key.secret).update(Buffer.concat([sized(prior), ...pending, ...rest])).digest().subarray(0, macBytes);
    prior = mac;
    pending = [];
    const data = Buffer.concat([algorithm, time, sized(mac), message.subarray(0, 2), Buffer.alloc(4)]);
    const signed = Buffer.concat([message, name, Buffer.from('00fa00ff00000000', 'hex'), sized(data)]);
    signed.writeUInt16BE(signed.readUInt16BE(10) + 1, 10);
    return signed;
  });
}
