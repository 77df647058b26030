/** What the user must change; the process ends with its message at the start. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Something outside failed; trying again later may succeed. */
export class SoftError extends Error {
  override readonly name = 'SoftError';
  /** What the other side asked to wait (Retry-After), in milliseconds. */
  readonly retryAfterMs: number | undefined;
  constructor(message: string, options: ErrorOptions & { retryAfterMs?: number | undefined } = {}) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The message of anything thrown, with those of its causes. */
export function messageOf(error: unknown): string {
  const seen: string[] = [];
  for (let e: unknown = error; e !== undefined && e !== null && seen.length < 5; e = e instanceof Error ? e.cause : undefined) {
    const text = e instanceof Error ? e.message || e.name : String(e);
    if (text && !seen.some((s) => s.includes(text))) seen.push(text);
  }
  return seen.join(': ');
}
