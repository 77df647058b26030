import { setFlagsFromString } from 'node:v8';
import { commandLine } from './cli/command-line.ts';

// What is read at the start lives on, so a young generation that grows is copied in vain: it stays small.
// At 10,000 Services this saves a quarter of the peak memory, and some processor time.
setFlagsFromString('--semi-space-growth-factor=1');

process.exitCode = await commandLine(process.argv.slice(2), process.env);
