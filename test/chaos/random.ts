export interface Random {
  /** A whole number from 0 to below `n`. */
  below(n: number): number;
  /** One of several, by weight. */
  pick<T>(choices: readonly (readonly [choice: T, weight: number])[]): T;
}

/** Numbers that are the same for the same seed (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (n) => Math.floor(next() * n),
    pick: (choices) => {
      let at = next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [choice, weight] of choices) if ((at -= weight) < 0) return choice;
      const last = choices.at(-1);
      if (!last) throw new Error('there is nothing to choose from');
      return last[0];
    },
  };
}
