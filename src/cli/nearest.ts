/** The word that was probably meant: one that begins with it, or the one with the fewest letters to change; undefined where none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  const known = [...candidates].filter(Boolean);
  const begun = lower.length >= 3 ? known.filter((c) => c.startsWith(lower)) : [];
  if (begun.length === 1) return begun[0];
  let best: string | undefined;
  let least = Math.floor(lower.length / 4) + 1;
  for (const candidate of known) {
    const d = distance(lower, candidate, least);
    if (d < least) [best, least] = [candidate, d];
  }
  return best ?? begun[0];
}

/** Letters to insert, delete, replace or swap with their neighbour; `limit` where it is not below that. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      row.push(least);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? limit;
}
