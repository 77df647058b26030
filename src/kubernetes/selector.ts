/** Label selectors as the Kubernetes API writes them: `a=b, c!=d, e in (f, g), h notin (i), j, !k, l > 1`. */

export type Requirement =
  | { readonly key: string; readonly operator: 'in' | 'notin'; readonly values: readonly string[] }
  | { readonly key: string; readonly operator: 'exists' | 'absent' }
  | { readonly key: string; readonly operator: 'above' | 'below'; readonly bound: number };

/** All requirements must hold; none: everything matches. */
export type Selector = readonly Requirement[];

/** Reads a selector. Throws an Error that says what is wrong and where; the caller adds which setting it came from. */
export function parseSelector(text: string): Selector {
  const tokens = tokenize(text);
  let at = 0;
  const fail = (problem: string): never => {
    throw new Error(`label selector ${JSON.stringify(text)}: ${problem}`);
  };
  const take = (): string => tokens[at++] ?? '';
  const identifier = (what: string): string => {
    const token = take();
    return token === '' || isSpecial(token) ? fail(`${what} expected ${token === '' ? 'at the end' : `before ${JSON.stringify(token)}`}`) : token;
  };
  const key = (): string => {
    const found = identifier('a key');
    const problem = keyProblem(found);
    return problem ? fail(`key ${JSON.stringify(found)} ${problem}`) : found;
  };
  const value = (found: string): string => {
    const problem = valueProblem(found);
    return problem ? fail(`value ${JSON.stringify(found)} ${problem}`) : found;
  };
  /** The value after `=`; nothing stands for the empty text. */
  const single = (): string => (at >= tokens.length || tokens[at] === ',' ? '' : value(identifier('a value')));
  /** Nothing between brackets or commas stands for the empty text, here too. */
  const list = (): readonly string[] => {
    if (take() !== '(') return fail('( expected after in or notin');
    const values: string[] = [];
    for (;;) {
      values.push(tokens[at] === ',' || tokens[at] === ')' ? '' : value(identifier('a value')));
      const next = take();
      if (next === ')') break;
      if (next !== ',') return fail(') or , expected in a list of values');
    }
    return [...new Set(values)];
  };
  const bound = (): number => {
    const found = identifier('a whole number');
    return /^[-+]?\d+$/.test(found) ? Number(found) : fail(`${JSON.stringify(found)} is no whole number`);
  };
  const requirement = (): Requirement => {
    if (tokens[at] === '!') {
      at++;
      return { key: key(), operator: 'absent' };
    }
    const name = key();
    switch (tokens[at]) {
      case undefined:
      case ',':
        return { key: name, operator: 'exists' };
      case '=':
      case '==':
        at++;
        return { key: name, operator: 'in', values: [single()] };
      case '!=':
        at++;
        return { key: name, operator: 'notin', values: [single()] };
      case 'in':
      case 'notin': {
        const operator = take() === 'in' ? 'in' : 'notin';
        return { key: name, operator, values: list() };
      }
      case '>':
      case '<': {
        const operator = take() === '>' ? 'above' : 'below';
        return { key: name, operator, bound: bound() };
      }
      default:
        return fail(`${JSON.stringify(tokens[at])} is no operator; use =, ==, !=, in, notin, > or <`);
    }
  };

  const requirements: Requirement[] = [];
  while (at < tokens.length) {
    requirements.push(requirement());
    if (at >= tokens.length) break;
    if (take() !== ',') fail(`, expected before ${JSON.stringify(tokens[at - 1])}`);
    if (at >= tokens.length) fail('a key expected after the last ,');
  }
  return requirements;
}

/** Whether labels (or annotations) fulfil all requirements of a selector. */
export function matchesSelector(selector: Selector, labels: Readonly<Record<string, string>>): boolean {
  return selector.every((r) => {
    const value = Object.hasOwn(labels, r.key) ? labels[r.key] : undefined;
    switch (r.operator) {
      case 'exists':
        return value !== undefined;
      case 'absent':
        return value === undefined;
      case 'in':
        return value !== undefined && r.values.includes(value);
      case 'notin':
        return value === undefined || !r.values.includes(value);
      case 'above':
        return isWhole(value) && Number(value) > r.bound;
      case 'below':
        return isWhole(value) && Number(value) < r.bound;
    }
  });
}

const isWhole = (value: string | undefined): boolean => value !== undefined && /^[-+]?\d+$/.test(value);

const isSpecial = (token: string): boolean => /^[=!(),<>]/.test(token);

/** Operators, brackets, commas and words; blanks only part them. */
const tokenize = (text: string): readonly string[] => text.match(/==|!=|[=!(),<>]|[^\s=!(),<>]+/g) ?? [];

const name = /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/;
const domain = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

function keyProblem(key: string): string | undefined {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  if (prefix !== undefined && (prefix.length > 253 || !domain.test(prefix))) return 'has a prefix that is no domain in lower case';
  const rest = key.slice(slash + 1);
  if (rest.length > 63) return 'has a name of more than 63 characters';
  return name.test(rest) ? undefined : 'must be letters, digits, -, _ and ., with a letter or digit at both ends, after an optional DOMAIN/';
}

function valueProblem(value: string): string | undefined {
  if (value.length > 63) return 'has more than 63 characters';
  return name.test(value) ? undefined : 'must be letters, digits, -, _ and ., with a letter or digit at both ends';
}
