/** What a Traefik rule says about hosts. */
export interface RuleHosts {
  /** Names of the matchers Host, HostHeader and HostSNI that are not negated, in order, as written; no `*`, which stands for all hosts. */
  readonly hosts: readonly string[];
  /** What is wrong with the rule; the hosts that could be read stand all the same. */
  readonly problem: string | undefined;
}

/** In lower case: Traefik takes matchers in any case. HostRegexp and HostSNIRegexp hold patterns, not names. */
const hostMatchers: ReadonlySet<string> = new Set(['host', 'hostheader', 'hostsni']);

/**
 * Reads a rule such as ``Host(`a.example.org`) && !(PathPrefix(`/b`) || Host("b.example.org"))``.
 * Reads on behind what it does not understand, because a name that is served should not vanish over a slip elsewhere in the rule.
 */
export function hostsOfRule(rule: string): RuleHosts {
  const hosts: string[] = [];
  let problem: string | undefined;
  /** One entry for each open group: whether what stands in it is negated. */
  const groups = [false];
  /** A `!` stands before what comes next. */
  let not = false;
  let matcher: { readonly counts: boolean; readonly depth: number } | undefined;
  let lastWord = '';

  const negated = (): boolean => (groups.at(-1) ?? false) !== not;
  for (const { kind, text, at } of tokensOf(rule)) {
    const word = lastWord;
    lastWord = '';
    switch (kind) {
      case 'word':
        lastWord = text;
        break;
      case 'text':
        if (!matcher) problem ??= `a text outside of a matcher at ${at}`;
        else if (matcher.counts && matcher.depth === groups.length) {
          const host = text.trim();
          if (host && host !== '*') hosts.push(host);
        }
        break;
      case '!':
        not = !not;
        break;
      case '(':
        if (word && !matcher) matcher = { counts: hostMatchers.has(word.toLowerCase()) && !negated(), depth: groups.length + 1 };
        groups.push(negated());
        not = false;
        break;
      case ')':
        if (matcher?.depth === groups.length) matcher = undefined;
        if (groups.length > 1) groups.pop();
        else problem ??= `a closing parenthesis too many at ${at}`;
        not = false;
        break;
      case 'operator':
        not = false;
        break;
      case 'open':
        problem ??= `a quote that is not closed at ${at}`;
        break;
      case 'unknown':
        if (!(matcher && text === ',')) problem ??= `${JSON.stringify(text)} at ${at}`;
        break;
    }
  }
  if (groups.length > 1) problem ??= 'a closing parenthesis is missing';
  return { hosts, problem };
}

interface Token {
  /** `open`: a quote that is never closed, with all that follows it. */
  readonly kind: 'word' | 'text' | 'open' | '!' | '(' | ')' | 'operator' | 'unknown';
  /** Of a text: what stands between its quotes. */
  readonly text: string;
  /** Counted from 1. */
  readonly at: number;
}

const tokenForms =
  /(?<word>[\p{L}_][\p{L}\p{N}_]*)|`(?<raw>[^`]*)`|"(?<quoted>(?:[^"\\\n]|\\.)*)"|(?<open>[`"].*)|(?<operator>&&|\|\|)|(?<sign>[!()])|\s+|(?<unknown>.)/gsu;

function* tokensOf(rule: string): Iterable<Token> {
  for (const match of rule.matchAll(tokenForms)) {
    const { word, raw, quoted, open, operator, sign, unknown } = match.groups ?? {};
    const at = match.index + 1;
    if (word !== undefined) yield { kind: 'word', text: word, at };
    else if (raw !== undefined) yield { kind: 'text', text: raw, at };
    else if (quoted !== undefined) yield { kind: 'text', text: quoted.replace(/\\(.)/gs, '$1'), at };
    else if (open !== undefined) yield { kind: 'open', text: open.slice(0, 1), at };
    else if (operator !== undefined) yield { kind: 'operator', text: operator, at };
    else if (sign === '!' || sign === '(' || sign === ')') yield { kind: sign, text: sign, at };
    else if (unknown !== undefined) yield { kind: 'unknown', text: unknown, at };
  }
}
