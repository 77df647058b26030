/**
 * How deep a YAML text may be nested, at most: by its brackets and by its indentation, whatever stands in quotes. A bound, found without recursion.
 * Parsers recurse, and a stack that overflows in the middle of a regular expression ends the whole process.
 */
export function nestingBound(text: string): number {
  const indents: number[] = [];
  let brackets = 0;
  let deepest = 0;
  for (const line of text.split('\n')) {
    // `- - x` and `? - x` open several levels in one line
    const prefix = /^ *(?:[-?:][ \t]+)*/.exec(line)?.[0] ?? '';
    const indent = prefix.length - prefix.trimStart().length;
    while ((indents.at(-1) ?? -1) >= indent) indents.pop();
    indents.push(indent);
    const inLine = prefix.replace(/[ \t]/g, '').length;
    deepest = Math.max(deepest, indents.length + inLine + brackets);
    for (const char of line) {
      if (char === '[' || char === '{') deepest = Math.max(deepest, indents.length + inLine + ++brackets);
      else if (char === ']' || char === '}') brackets = Math.max(0, brackets - 1);
    }
  }
  return deepest;
}
