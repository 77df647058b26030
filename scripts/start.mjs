#!/usr/bin/env node
// npm start               the controller on examples/quickstart, with zones in memory that are served by DNS; shows the records
// npm start -- FLAGS      the controller with these flags
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const program = path.join(root, 'bin/external-dns');
const flags = process.argv.slice(2);

if (flags.length > 0) run(flags, 'inherit');
else await quickstart();

function run(args, output) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['inherit', 'inherit', output] });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
  return child;
}

async function quickstart() {
  const zone = 'example.org';
  const types = ['A', 'AAAA', 'CNAME', 'MX', 'SRV', 'TXT'];
  const folder = path.relative(process.cwd(), path.join(root, 'examples/quickstart'));
  const child = run(
    [
      `--manifests=${folder}`,
      ...['service', 'ingress', 'crd'].map((source) => `--source=${source}`),
      ...types.map((type) => `--managed-record-types=${type}`),
      '--provider=inmemory', `--inmemory-zone=${zone}`, `--inmemory-dns-address=127.0.0.1:${(await isFree(5353)) ? 5353 : 0}`,
      '--registry=txt', '--txt-owner-id=quickstart', '--policy=sync', '--metrics-address=127.0.0.1:0', '--log-format=json',
    ],
    'pipe',
  );
  const records = new Map();
  let address = '';
  let timer;
  let latest;
  let shown = false;
  const show = () => {
    shown = true;
    printTable([...records.values()].sort((a, b) => compareNames(a.name, b.name) || a.type.localeCompare(b.type)));
    const [host, port] = address.split(/:(?=\d+$)/);
    console.log(`\nTry:  dig @${host} -p ${port} ${latest.name} ${latest.type}\nThen change a file in ${folder}/ and save it. Ctrl-C ends it.\n`);
  };
  // the log is all that is needed: it tells of every record that comes, changes or goes
  createInterface({ input: child.stderr }).on('line', (line) => {
    const entry = parse(line);
    const what = /^record (created|updated|deleted)$/.exec(entry?.msg ?? '')?.[1];
    if (what) {
      const key = `${entry.name} ${entry.type} ${entry.setIdentifier ?? ''}`;
      if (what === 'deleted') records.delete(key);
      else records.set(key, entry);
      latest = entry;
      if (shown) console.log(`${{ created: '+', updated: '~', deleted: '-' }[what]} ${entry.name} ${entry.type} ${entry.targets.join(', ')}   (${entry.resource ?? entry.reason})`);
      clearTimeout(timer);
      timer = setTimeout(show, 150);
    } else if (entry?.msg === 'DNS server listens') address = entry.address;
    else if (!entry) console.error(line);
    else if (entry.level !== 'debug' && entry.level !== 'info') console.error(`${entry.level}: ${entry.msg}${['name', 'object', 'reason'].map((f) => (entry[f] ? ` ${f}=${entry[f]}` : '')).join('')}`);
  });
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function printTable(records) {
  const rows = [['NAME', 'TTL', 'TYPE', 'TARGETS'], ...records.map((r) => [r.name, String(r.ttl ?? '-'), r.type, r.targets.join(', ')])];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  console.log(`\n${rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd()).join('\n')}`);
}

/** By labels from the right, so that a domain stands before what is below it. */
function compareNames(a, b) {
  const key = (name) => name.split('.').reverse().join('\u0000');
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}

/** Whether a port of the loopback is free for UDP, which mDNS (5353) may be using. */
function isFree(port) {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind({ address: '127.0.0.1', port, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}
