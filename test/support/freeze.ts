import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Stops a process, and waits until it has: on a busy machine its threads go on for a moment. */
export function freeze(child: ChildProcess | undefined): void {
  child?.kill('SIGSTOP');
  const threads = `/proc/${child?.pid}/task`;
  if (!existsSync(threads)) return;
  const runs = (thread: string): boolean => !/^State:\s+[TZX]/m.test(readFileSync(path.join(threads, thread, 'status'), 'utf8'));
  const oneMs = new Int32Array(new SharedArrayBuffer(4));
  for (const end = Date.now() + 2_000; Date.now() < end && readdirSync(threads).some(runs); ) Atomics.wait(oneMs, 0, 0, 1);
}
