import { place, TemplateError } from './errors.ts';
import { type Token, type TokenKind, tokenize } from './lexer.ts';
import { parseNumber, unquote, unquoteCharacter } from './literals.ts';
import type { CommandNode, Node, Operand, PipeNode } from './nodes.ts';

/** A parsed template: its own nodes, and those of all parts that it defines. */
export interface Tree {
  readonly name: string;
  readonly text: string;
  readonly root: readonly Node[];
  /** By name; the template itself is among them, under its own name. */
  readonly parts: ReadonlyMap<string, readonly Node[]>;
}

/** Deeper nesting of actions, and of parentheses, is refused: nobody writes it, and it would exhaust the stack. */
const deepest = 500;

/** Parses a template. `isFunction` says which names are functions; others are errors. Throws TemplateError. */
export function parse(name: string, text: string, isFunction: (name: string) => boolean): Tree {
  return new Parser(name, text, isFunction).parse();
}

/** `else` and `end` of a list of nodes. */
interface Stop {
  readonly word: 'else' | 'end';
  readonly token: Token;
}

class Parser {
  readonly #name: string;
  readonly #text: string;
  readonly #isFunction: (name: string) => boolean;
  readonly #tokens: readonly Token[];
  readonly #parts = new Map<string, readonly Node[]>();
  #next = 0;
  #variables = ['$'];
  #loops = 0;
  #depth = 0;
  #actionStart = 0;

  constructor(name: string, text: string, isFunction: (name: string) => boolean) {
    this.#name = name;
    this.#text = text;
    this.#isFunction = isFunction;
    this.#tokens = tokenize(text);
  }

  parse(): Tree {
    const root: Node[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.kind === 'end') break;
      if (token.kind === 'open' && this.#keywordAfterOpen() === 'define') {
        this.#take();
        this.#skipSpaces();
        this.#take();
        this.#definition();
        continue;
      }
      const node = this.#node();
      if ('word' in node) throw this.#error(node.token, `unexpected {{${node.word}}}`);
      root.push(node);
    }
    this.#add(this.#name, root, this.#peek());
    return { name: this.#name, text: this.#text, root: this.#parts.get(this.#name) ?? root, parts: this.#parts };
  }

  /** The keyword behind the `{{` that comes next. */
  #keywordAfterOpen(): string | undefined {
    const at = this.#next + 1;
    const token = this.#tokens[this.#tokens[at]?.kind === 'space' ? at + 1 : at];
    return token?.kind === 'keyword' ? token.text : undefined;
  }

  // ---- tokens ----

  #peek(): Token {
    const token = this.#tokens[Math.min(this.#next, this.#tokens.length - 1)];
    if (!token) throw new Error('a list of tokens has an end');
    return token;
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #skipSpaces(): Token {
    while (this.#peek().kind === 'space') this.#next++;
    return this.#peek();
  }

  #expect(kind: TokenKind, context: string): Token {
    const token = this.#skipSpaces();
    if (token.kind !== kind) throw this.#unexpected(token, context);
    return this.#take();
  }

  #error(token: Token, reason: string): TemplateError {
    return new TemplateError(this.#name, this.#text, token.start, reason);
  }

  #unexpected(token: Token, context: string): TemplateError {
    if (token.kind === 'error') {
      const { line } = place(this.#text, this.#actionStart);
      const started = token.text === 'unclosed action' && line !== place(this.#text, token.start).line ? ` started at line ${line}` : '';
      return this.#error(token, token.text + started);
    }
    const what = token.kind === 'end' ? 'end of the template' : token.kind === 'keyword' ? `<${token.text}>` : JSON.stringify(token.text);
    return this.#error(token, `unexpected ${what} in ${context}`);
  }

  // ---- structure ----

  /** Nodes up to `else` or `end`. */
  #list(): { nodes: Node[]; stop: Stop } {
    if (++this.#depth > deepest) throw this.#error(this.#peek(), 'actions are nested too deeply');
    const nodes: Node[] = [];
    for (;;) {
      if (this.#peek().kind === 'end') throw this.#error(this.#peek(), 'unexpected end of the template: an {{end}} is missing');
      const node = this.#node();
      if ('word' in node) {
        this.#depth--;
        return { nodes, stop: node };
      }
      nodes.push(node);
    }
  }

  #node(): Node | Stop {
    const token = this.#take();
    if (token.kind === 'text') return { kind: 'text', text: token.text, start: token.start, end: token.end };
    if (token.kind !== 'open') throw this.#unexpected(token, 'input');
    this.#actionStart = token.start;
    const first = this.#skipSpaces();
    if (first.kind !== 'keyword') {
      const pipe = this.#pipeline('command', 'close');
      return { kind: 'action', pipe, start: pipe.start, end: pipe.end };
    }
    this.#take();
    switch (first.text) {
      case 'if':
      case 'with':
        return this.#branch(first.text, first);
      case 'range':
        return this.#range(first);
      case 'else': {
        const after = this.#skipSpaces();
        if (!(after.kind === 'keyword' && (after.text === 'if' || after.text === 'with'))) this.#expect('close', 'else');
        return { word: 'else', token: first };
      }
      case 'end':
        this.#expect('close', 'end');
        return { word: 'end', token: first };
      case 'break':
      case 'continue':
        this.#expect('close', `{{${first.text}}}`);
        if (this.#loops === 0) throw this.#error(first, `{{${first.text}}} outside {{range}}`);
        return { kind: first.text, start: first.start, end: first.end };
      case 'template':
        return this.#template(first);
      case 'block':
        return this.#block(first);
      default:
        throw this.#unexpected(first, 'command');
    }
  }

  #branch(kind: 'if' | 'with', keyword: Token): Node {
    const scope = this.#variables.length;
    const pipe = this.#pipeline(kind, 'close');
    const { nodes: body, stop } = this.#list();
    const otherwise = this.#otherwise(kind, stop);
    this.#variables.length = scope;
    return { kind, pipe, body, otherwise, start: keyword.start, end: pipe.end };
  }

  #range(keyword: Token): Node {
    const scope = this.#variables.length;
    const pipe = this.#pipeline('range', 'close');
    this.#loops++;
    const { nodes: body, stop } = this.#list();
    this.#loops--;
    const otherwise = this.#otherwise('range', stop);
    this.#variables.length = scope;
    return { kind: 'range', pipe, body, otherwise, start: keyword.start, end: pipe.end };
  }

  /** What stands behind `else`; `else if` and `else with` take the `end` of the whole. */
  #otherwise(kind: 'if' | 'with' | 'range', stop: Stop): Node[] {
    if (stop.word === 'end') return [];
    const token = this.#peek();
    if (token.kind === 'keyword') {
      if (token.text !== kind || kind === 'range') throw this.#unexpected(token, 'else');
      this.#take();
      if (++this.#depth > deepest) throw this.#error(token, 'actions are nested too deeply');
      const nested = this.#branch(kind, token);
      this.#depth--;
      return [nested];
    }
    const { nodes, stop: last } = this.#list();
    if (last.word !== 'end') throw this.#error(last.token, 'expected end; found {{else}}');
    return nodes;
  }

  #template(keyword: Token): Node {
    const name = this.#templateName('template clause');
    if (this.#skipSpaces().kind === 'close') {
      const end = this.#take().start;
      return { kind: 'template', name, pipe: undefined, start: keyword.start, end };
    }
    const pipe = this.#pipeline('template clause', 'close');
    return { kind: 'template', name, pipe, start: keyword.start, end: pipe.end };
  }

  /** A definition, and its use at once. */
  #block(keyword: Token): Node {
    const name = this.#templateName('block clause');
    const pipe = this.#pipeline('block clause', 'close');
    this.#part(name, 'block clause');
    return { kind: 'template', name, pipe, start: keyword.start, end: pipe.end };
  }

  #definition(): void {
    const name = this.#templateName('define clause');
    this.#expect('close', 'define clause');
    this.#part(name, 'define clause');
  }

  #part(name: string, context: string): void {
    const outer = { variables: this.#variables, loops: this.#loops };
    this.#variables = ['$'];
    this.#loops = 0;
    const { nodes, stop } = this.#list();
    if (stop.word !== 'end') throw this.#error(stop.token, `unexpected {{else}} in ${context}`);
    this.#add(name, nodes, stop.token);
    this.#variables = outer.variables;
    this.#loops = outer.loops;
  }

  #add(name: string, nodes: readonly Node[], token: Token): void {
    const known = this.#parts.get(name);
    if (known === undefined || isBlank(known)) this.#parts.set(name, nodes);
    else if (!isBlank(nodes)) throw this.#error(token, `multiple definition of template ${JSON.stringify(name)}`);
  }

  #templateName(context: string): string {
    const token = this.#skipSpaces();
    if (token.kind !== 'string' && token.kind !== 'rawString') throw this.#unexpected(token, context);
    return this.#string(this.#take());
  }

  // ---- pipelines ----

  #pipeline(context: string, end: 'close' | 'rightParen'): PipeNode {
    const { start } = this.#skipSpaces();
    const { variables, assign } = this.#declarations(context);
    const commands: CommandNode[] = [];
    let last = start;
    for (;;) {
      const token = this.#skipSpaces();
      if (token.kind === end) {
        this.#take();
        break;
      }
      if (!operandStarts.has(token.kind)) throw this.#unexpected(token, context);
      const command = this.#command();
      last = command.end;
      const [first] = command.operands;
      if (commands.length > 0 && plainValues.has(first.kind)) throw this.#error(token, `non executable command in pipeline stage ${commands.length + 1}`);
      commands.push(command);
    }
    if (commands.length === 0) throw this.#error(this.#peek(), `missing value for ${context}`);
    return { kind: 'pipe', variables, assign, commands, start, end: last };
  }

  /** `$x :=`, `$x =`, `$i, $x :=`, or nothing. */
  #declarations(context: string): { variables: string[]; assign: boolean } {
    const variables: string[] = [];
    for (;;) {
      const variable = this.#skipSpaces();
      if (variable.kind !== 'variable') return { variables, assign: false };
      const before = this.#next;
      this.#take();
      const next = this.#skipSpaces();
      if (next.kind === 'declare' || next.kind === 'assign') {
        this.#take();
        variables.push(variable.text);
        this.#variables.push(variable.text);
        return { variables, assign: next.kind === 'assign' };
      }
      if (next.kind !== 'punctuation' || next.text !== ',') {
        this.#next = before;
        return { variables, assign: false };
      }
      this.#take();
      variables.push(variable.text);
      this.#variables.push(variable.text);
      if (context !== 'range' || variables.length > 1) throw this.#error(next, `too many declarations in ${context}`);
      const second = this.#skipSpaces().kind;
      if (second !== 'variable' && second !== 'close' && second !== 'rightParen') throw this.#error(this.#peek(), 'range can only initialize variables');
    }
  }

  #command(): CommandNode {
    const { start } = this.#skipSpaces();
    const operands: Operand[] = [];
    for (;;) {
      this.#skipSpaces();
      const operand = this.#operand();
      if (operand) operands.push(operand);
      const token = this.#peek();
      if (token.kind === 'space') continue;
      if (token.kind === 'pipe') this.#take();
      else if (token.kind !== 'close' && token.kind !== 'rightParen') throw this.#unexpected(token, 'operand');
      const [first, ...rest] = operands;
      if (!first) throw this.#error(token, 'empty command');
      return { operands: [first, ...rest], start, end: operands.at(-1)?.end ?? start };
    }
  }

  /** A term with the fields behind it. */
  #operand(): Operand | undefined {
    const term = this.#term();
    if (!term || this.#peek().kind !== 'field') return term;
    const names: string[] = [];
    let { end } = term;
    while (this.#peek().kind === 'field') {
      const field = this.#take();
      names.push(field.text.slice(1));
      end = field.end;
    }
    switch (term.kind) {
      case 'field':
      case 'variable':
        return { ...term, names: [...term.names, ...names], end };
      case 'literal':
      case 'number':
      case 'nil':
      case 'dot':
        throw new TemplateError(this.#name, this.#text, term.start, `unexpected . after term ${JSON.stringify(this.#text.slice(term.start, term.end))}`);
      default:
        return { kind: 'chain', base: term, names, start: term.start, end };
    }
  }

  #term(): Operand | undefined {
    const token = this.#peek();
    const { start, end, text } = token;
    if (!operandStarts.has(token.kind)) return undefined;
    this.#take();
    switch (token.kind) {
      case 'identifier':
        if (!this.#isFunction(text)) throw this.#error(token, `function "${text}" not defined`);
        return { kind: 'function', name: text, start, end };
      case 'dot':
        return { kind: 'dot', start, end };
      case 'nil':
        return { kind: 'nil', start, end };
      case 'variable':
        if (!this.#variables.includes(text)) throw this.#error(token, `undefined variable "${text}"`);
        return { kind: 'variable', name: text, names: [], start, end };
      case 'field':
        return { kind: 'field', names: [text.slice(1)], start, end };
      case 'bool':
        return { kind: 'literal', value: text === 'true', start, end };
      case 'string':
      case 'rawString':
        return { kind: 'literal', value: this.#string(token), start, end };
      case 'character': {
        const value = unquoteCharacter(text);
        if (value === undefined) throw this.#error(token, `malformed character constant: ${text}`);
        return { kind: 'number', value, isInteger: true, isFloat: false, start, end };
      }
      case 'number': {
        const parsed = parseNumber(text);
        if (typeof parsed === 'string') throw this.#error(token, parsed);
        return { kind: 'number', ...parsed, start, end };
      }
      default: {
        if (++this.#depth > deepest) throw this.#error(token, 'max expression depth exceeded');
        const pipe = this.#pipeline('parenthesized pipeline', 'rightParen');
        this.#depth--;
        // With its brackets, for messages.
        return { ...pipe, start, end: pipe.end + 1 };
      }
    }
  }

  #string(token: Token): string {
    const text = unquote(token.text);
    if (text === undefined) throw this.#error(token, `invalid syntax in string ${token.text}`);
    return text;
  }
}

const operandStarts: ReadonlySet<TokenKind> = new Set<TokenKind>(['bool', 'character', 'dot', 'field', 'identifier', 'number', 'nil', 'rawString', 'string', 'variable', 'leftParen']);
const plainValues: ReadonlySet<Operand['kind']> = new Set<Operand['kind']>(['literal', 'number', 'nil', 'dot']);

/** Nothing but blanks: such a part may be defined again. */
const isBlank = (nodes: readonly Node[]): boolean => nodes.every((node) => node.kind === 'text' && node.text.trim() === '');
