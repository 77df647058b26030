import { commandLine } from './cli/command-line.ts';
import { keepYoungGenerationSmall } from './cli/heap.ts';

keepYoungGenerationSmall();
process.exitCode = await commandLine(process.argv.slice(2), process.env);
