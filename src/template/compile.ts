import type { TemplateError } from './errors.ts';
import { display } from './format.ts';
import type { Functions } from './functions.ts';
import type { Node, PipeNode, RangeNode, TemplateNode } from './nodes.ts';
import { Operands } from './operands.ts';
import type { Tree } from './parser.ts';
import { type Argument, dereference, entriesOf, intValue, isTrue, itemsOf, keysOf, numberOf, stringValue, valueOf } from './values.ts';

/** What changes while a template runs. */
export interface Run {
  out: string;
  /** Of the part that runs; the first is `$`. */
  variables: Argument[];
  depth: number;
  /** Nodes that were visited. */
  steps: number;
  readonly missingKeyFails: boolean;
}

export type Evaluate = (run: Run, dot: Argument) => Argument;

/** How a list of nodes ended: at its end, or by `break` or `continue`. */
export type Ending = 'break' | 'continue' | undefined;
export type Execute = (run: Run, dot: Argument) => Ending;

/** More would be an endless loop, or a mistake. */
const limits = { depth: 200, steps: 1_000_000, output: 1_048_576 };

interface Part {
  execute: Execute;
  slots: number;
}

/** Compiles a template to closures; the names of functions were checked by the parser. */
export function compile(tree: Tree, functions: Functions): Execute {
  const parts = new Map<string, Part>();
  for (const name of tree.parts.keys()) parts.set(name, { execute: () => undefined, slots: 1 });
  for (const [name, nodes] of tree.parts) {
    const part = parts.get(name);
    if (part) Object.assign(part, new Compiler(tree, functions, parts).part(nodes));
  }
  const root = parts.get(tree.name);
  return (run, dot) => {
    run.variables = [dot];
    return root?.execute(run, dot);
  };
}

class Compiler {
  readonly #parts: ReadonlyMap<string, Part>;
  readonly #operands: Operands;
  /** Variables in force; their places in `run.variables`. */
  readonly #scope: { name: string; slot: number }[] = [{ name: '$', slot: 0 }];
  #slots = 1;

  constructor(tree: Tree, functions: Functions, parts: ReadonlyMap<string, Part>) {
    this.#parts = parts;
    this.#operands = new Operands(tree, functions, { pipe: (node) => this.#pipe(node), slot: (name) => this.#slot(name) });
  }

  part(nodes: readonly Node[]): Part {
    const execute = this.#list(nodes);
    return { execute, slots: this.#slots };
  }

  #error(node: { start: number; end: number }, reason: string): TemplateError {
    return this.#operands.error(node, reason);
  }

  #slot(name: string): number | undefined {
    return this.#scope.findLast((variable) => variable.name === name)?.slot;
  }

  #declare(name: string): number {
    const slot = this.#slots++;
    this.#scope.push({ name, slot });
    return slot;
  }

  /** Compiles something whose variables end with it. */
  #scoped<T>(compile: () => T): T {
    const mark = this.#scope.length;
    const compiled = compile();
    this.#scope.length = mark;
    return compiled;
  }

  #list(nodes: readonly Node[]): Execute {
    const compiled = nodes.map((node) => this.#node(node));
    const [first, second] = compiled;
    if (!first) return () => undefined;
    if (!second) return first;
    return (run, dot) => {
      for (const execute of compiled) {
        const ending = execute(run, dot);
        if (ending) return ending;
      }
      return undefined;
    };
  }

  #node(node: Node): Execute {
    switch (node.kind) {
      case 'text': {
        const { text } = node;
        return (run) => {
          run.out += text;
          return undefined;
        };
      }
      case 'action': {
        const evaluate = this.#pipe(node.pipe);
        if (node.pipe.variables.length) {
          return (run, dot) => {
            evaluate(run, dot);
            return undefined;
          };
        }
        return (run, dot) => {
          run.out += display(evaluate(run, dot));
          if (run.out.length > limits.output) throw this.#error(node, `the output is larger than ${limits.output} characters`);
          return undefined;
        };
      }
      case 'if':
      case 'with':
        return this.#scoped(() => {
          const evaluate = this.#pipe(node.pipe);
          const body = this.#scoped(() => this.#list(node.body));
          const otherwise = this.#list(node.otherwise);
          const setsDot = node.kind === 'with';
          return (run, dot) => {
            const value = evaluate(run, dot);
            return isTrue(value) ? body(run, setsDot ? value : dot) : otherwise(run, dot);
          };
        });
      case 'range':
        return this.#scoped(() => this.#range(node));
      case 'template':
        return this.#template(node);
      case 'break':
      case 'continue': {
        const { kind } = node;
        return () => kind;
      }
    }
  }

  #range(node: RangeNode): Execute {
    const evaluate = this.#pipe(node.pipe);
    const { variables } = node.pipe;
    const body = this.#scoped(() => this.#list(node.body));
    const otherwise = this.#list(node.otherwise);
    const [first, second] = variables.map((name) => this.#slot(name));
    // One variable is the element; of two, the first is the index.
    const [indexSlot, elementSlot] = variables.length > 1 ? [first, second] : [undefined, first];
    const once = (run: Run, index: Argument, element: Argument): boolean => {
      if (++run.steps > limits.steps) throw this.#error(node, `more than ${limits.steps} rounds of loops`);
      if (indexSlot !== undefined) run.variables[indexSlot] = index;
      if (elementSlot !== undefined) run.variables[elementSlot] = element;
      return body(run, element) !== 'break';
    };
    return (run, dot) => {
      const given = evaluate(run, dot);
      const { value, nil } = given ? dereference(given) : { value: undefined, nil: true };
      if (nil && value) throw this.#error(node, `range can't iterate over ${display(value)}`);
      switch (value?.type.kind) {
        case undefined:
          break;
        case 'int': {
          if (variables.length > 1) throw this.#error(node, `can't use ${display(value)} to iterate over more than one variable`);
          const count = numberOf(value);
          if (count <= 0) break;
          for (let i = 0; i < count && once(run, undefined, intValue(i)); i++);
          return undefined;
        }
        case 'list': {
          const items = itemsOf(value);
          if (items.length === 0) break;
          const { element } = value.type;
          for (let i = 0; i < items.length && once(run, intValue(i), valueOf(element, items[i])); i++);
          return undefined;
        }
        case 'map': {
          const keys = keysOf(value);
          if (keys.length === 0) break;
          const entries = entriesOf(value);
          const { element } = value.type;
          for (const key of keys) if (!once(run, stringValue(key), valueOf(element, entries[key]))) break;
          return undefined;
        }
        default:
          throw this.#error(node, `range can't iterate over ${display(value)}`);
      }
      return otherwise(run, dot);
    };
  }

  #template(node: TemplateNode): Execute {
    const evaluate = node.pipe ? this.#pipe(node.pipe) : undefined;
    const part = this.#parts.get(node.name);
    if (!part) {
      return () => {
        throw this.#error(node, `template ${JSON.stringify(node.name)} not defined`);
      };
    }
    return (run, dot) => {
      if (run.depth >= limits.depth) throw this.#error(node, `templates call each other more than ${limits.depth} deep`);
      const given = evaluate?.(run, dot);
      const { variables } = run;
      run.depth++;
      run.variables = [given];
      part.execute(run, given);
      run.variables = variables;
      run.depth--;
      return undefined;
    };
  }

  #pipe(node: PipeNode): Evaluate {
    let value: Evaluate | undefined;
    for (const command of node.commands) value = this.#operands.command(command, value);
    const evaluate = value ?? (() => undefined);
    if (node.variables.length === 0) return evaluate;
    const slots = node.variables.map((name) => (node.assign ? this.#slot(name) : this.#declare(name)));
    const unknown = node.variables.find((_, i) => slots[i] === undefined);
    return (run, dot) => {
      const result = evaluate(run, dot);
      if (unknown !== undefined) throw this.#error(node, `undefined variable: ${unknown}`);
      for (const slot of slots) if (slot !== undefined) run.variables[slot] = result;
      return result;
    };
  }
}
