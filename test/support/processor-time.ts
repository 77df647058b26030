import { readFileSync } from 'node:fs';

/**
 * How long processes have been ready to run while others had the processor, in milliseconds since each began; they are added up. What a test waits for
 * takes so much longer on a machine with other work, and says nothing of the program. 0 where the system does not tell (only Linux does).
 */
export function waitedForProcessorMs(...pids: readonly (number | undefined)[]): number {
  return pids.reduce<number>((sum, pid) => sum + waitedMs(pid), 0);
}

function waitedMs(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
