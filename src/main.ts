import { commandLine } from './cli/command-line.ts';
import { tuneHeap } from './cli/heap.ts';

tuneHeap();
process.exitCode = await commandLine(process.argv.slice(2), process.env);
