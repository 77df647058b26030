import type { Evaluate, Run } from './compile.ts';
import { FunctionError, TemplateError } from './errors.ts';
import type { Functions } from './functions.ts';
import type { ChainNode, CommandNode, NumberNode, Operand, PipeNode } from './nodes.ts';
import type { Tree } from './parser.ts';
import { type Argument, boolValue, dereference, entryOf, type Field, floatValue, intValue, isTrue, type Method, type Parameter, type Signature, stringValue, type Value, valueOf } from './values.ts';

interface Span {
  readonly start: number;
  readonly end: number;
}

/** What operands need of what they stand in. */
interface Surroundings {
  readonly pipe: (node: PipeNode) => Evaluate;
  /** The place of a variable. */
  readonly slot: (name: string) => number | undefined;
}

/** The arguments of a call: operands, and what the pipeline gave before. */
interface Given {
  readonly node: Span;
  readonly operands: readonly Operand[];
  readonly previous: Evaluate | undefined;
}

type Call = (run: Run, dot: Argument) => Argument[];

/** A text that a function gave may not be longer. */
const longestText = 4 * 1024 * 1024;

/** Compiles commands and their operands: values, fields, variables and calls of functions. */
export class Operands {
  readonly #tree: Tree;
  readonly #functions: Functions;
  readonly #surroundings: Surroundings;

  constructor(tree: Tree, functions: Functions, surroundings: Surroundings) {
    this.#tree = tree;
    this.#functions = functions;
    this.#surroundings = surroundings;
  }

  error(node: Span, reason: string): TemplateError {
    return new TemplateError(this.#tree.name, this.#tree.text, node.start, reason, this.#source(node));
  }

  #source(node: Span): string {
    const source = this.#tree.text.slice(node.start, node.end);
    return source.length > 60 ? `${source.slice(0, 57)}...` : source;
  }

  /** One stage of a pipeline; `previous` gives its last argument. */
  command(node: CommandNode, previous: Evaluate | undefined): Evaluate {
    const [first, ...operands] = node.operands;
    const given: Given = { node, operands, previous };
    switch (first.kind) {
      case 'function':
        return this.#function(first.name, { ...given, node: operands.length || previous ? node : first });
      case 'field':
      case 'variable':
      case 'chain':
        return this.#fields(first, given);
      case 'nil':
        return this.#failing(first, 'nil is not a command');
      default:
        if (operands.length || previous) return this.#failing(first, `can't give argument to non-function ${this.#source(first)}`);
        return this.#value(first);
    }
  }

  #failing(node: Span, reason: string): Evaluate {
    return () => {
      throw this.error(node, reason);
    };
  }

  /** An operand by itself, without arguments. */
  #value(node: Operand): Evaluate {
    switch (node.kind) {
      case 'dot':
        return (_, dot) => dot;
      case 'nil':
        return () => undefined;
      case 'literal': {
        const value = typeof node.value === 'string' ? stringValue(node.value) : boolValue(node.value);
        return () => value;
      }
      case 'number':
        return this.#number(node);
      case 'pipe':
        return this.#surroundings.pipe(node);
      case 'function':
        return this.#function(node.name, { node, operands: [], previous: undefined });
      default:
        return this.#fields(node, { node, operands: [], previous: undefined });
    }
  }

  #number(node: NumberNode): Evaluate {
    const value = node.isFloat ? floatValue(node.value) : intValue(node.value);
    return () => value;
  }

  // ---- fields ----

  #fields(node: Operand, given: Given): Evaluate {
    if (node.kind === 'field') return this.#chain((_, dot) => dot, node.names, node, given);
    if (node.kind === 'variable') {
      const slot = this.#surroundings.slot(node.name);
      if (slot === undefined) return this.#failing(node, `undefined variable: ${node.name}`);
      const base: Evaluate = (run) => run.variables[slot];
      if (node.names.length) return this.#chain(base, node.names, node, given);
      return given.operands.length || given.previous ? this.#failing(node, `can't give argument to non-function ${node.name}`) : base;
    }
    if (node.kind === 'chain') {
      if (node.base.kind === 'nil') return this.#failing(node, `indirection through explicit nil in ${this.#source(node)}`);
      return this.#chain(this.#value(node.base), node.names, node, given);
    }
    return this.#value(node);
  }

  #chain(base: Evaluate, names: ChainNode['names'], node: Span, given: Given): Evaluate {
    const last = names.length - 1;
    const plain: Given = { node, operands: [], previous: undefined };
    const { previous } = given;
    // What comes through the pipe is computed first, whether or not a method takes it. (No call can come between that and its use.)
    let piped: Argument;
    const lastGiven: Given = previous ? { ...given, previous: () => piped } : given;
    const steps = names.map((name, i) => this.#field(name, node, i === last ? lastGiven : plain));
    return (run, dot) => {
      const before = previous?.(run, dot);
      let value: Argument | null = base(run, dot);
      piped = before;
      for (const step of steps) value = step(run, dot, value);
      return value ?? undefined;
    };
  }

  /** `.Name` of a value: a method, a field of a struct, or an entry of a map. Null is what a map has as null. */
  #field(name: string, node: Span, given: Given): (run: Run, dot: Argument, receiver: Argument | null) => Argument | null {
    const hasArguments = given.operands.length > 0 || given.previous !== undefined;
    const calls = new Map<Method, Call>();
    return (run, dot, receiver) => {
      if (receiver === null) throw this.error(node, `nil pointer evaluating interface {}.${name}`);
      if (!receiver) {
        if (run.missingKeyFails) throw this.error(node, `nil data; no entry for key "${name}"`);
        return undefined;
      }
      const { value, nil } = dereference(receiver);
      const { type } = value;
      const method = type.methods?.get(name);
      if (method) {
        let call = calls.get(method);
        if (!call) calls.set(method, (call = this.#arguments(name, method, given)));
        const args = call(run, dot);
        return this.#guard(node, name, () => method.call(value, args));
      }
      if (type.kind === 'struct') {
        const field: Field | undefined = type.fields.get(name) ?? type.promoted?.get(name);
        if (field) {
          if (hasArguments) throw this.error(node, `${name} has arguments but cannot be invoked as function`);
          return valueOf(field.type, field.get(value.raw));
        }
      } else if (type.kind === 'map' && type.keyName === undefined) {
        if (hasArguments) throw this.error(node, `${name} is not a method but has arguments`);
        const entry = entryOf(value, name);
        if (entry === undefined && run.missingKeyFails) throw this.error(node, `map has no entry for key "${name}"`);
        return entry;
      } else if (nil && type.kind === 'pointer' && hasField(type.to, name)) {
        throw this.error(node, `nil pointer evaluating ${receiver.type.name}.${name}`);
      }
      throw this.error(node, `can't evaluate field ${name} in type ${receiver.type.name}`);
    };
  }

  // ---- calls ----

  #function(name: string, given: Given): Evaluate {
    const called = this.#functions[name];
    if (!called) return this.#failing(given.node, `"${name}" is not a defined function`);
    if (called.stopsAt !== undefined) return this.#lazy(name, called, called.stopsAt, given);
    const collect = this.#arguments(name, called, given);
    return (run, dot) => {
      const args = collect(run, dot);
      return this.#guard(given.node, name, () => called.call(args));
    };
  }

  #guard(node: Span, name: string, call: () => Argument): Argument {
    try {
      const result = call();
      if (typeof result?.raw === 'string' && result.raw.length > longestText) throw new FunctionError(`the text is longer than ${longestText} characters`);
      return result;
    } catch (error) {
      if (error instanceof FunctionError) throw this.error(node, `error calling ${name}: ${error.message}`);
      throw error;
    }
  }

  /** `and` and `or`: arguments after the one that decides are not evaluated. */
  #lazy(name: string, signature: Signature, stopsAt: boolean, given: Given): Evaluate {
    const wrong = wrongCount(name, signature, given);
    if (wrong) return this.#failing(given.node, wrong);
    const evaluates = given.operands.map((operand) => this.#argument(operand, anything));
    const { previous } = given;
    return (run, dot) => {
      // What comes through the pipe was computed before.
      const last = previous?.(run, dot);
      let value: Argument;
      for (const evaluate of evaluates) {
        value = evaluate(run, dot);
        if (isTrue(value) === stopsAt) return value;
      }
      return previous ? last : value;
    };
  }

  #arguments(name: string, signature: Signature, given: Given): Call {
    const wrong = wrongCount(name, signature, given);
    if (wrong) {
      return () => {
        throw this.error(given.node, wrong);
      };
    }
    const { parameters } = signature;
    const parameterAt = (i: number): Parameter => parameters[Math.min(i, parameters.length - 1)] ?? anything;
    const evaluates = given.operands.map((operand, i) => this.#argument(operand, parameterAt(i)));
    const { previous } = given;
    const lastParameter = parameterAt(evaluates.length);
    return (run, dot) => {
      const last = previous?.(run, dot);
      const args: Argument[] = [];
      for (const evaluate of evaluates) args.push(evaluate(run, dot));
      if (previous) args.push(this.#fit(last, lastParameter, given.node));
      return args;
    };
  }

  #argument(node: Operand, parameter: Parameter): Evaluate {
    switch (node.kind) {
      case 'nil':
        if (!acceptsNil(parameter)) return this.#failing(node, `cannot assign nil to ${parameter.name}`);
        return () => this.#fit(undefined, parameter, node);
      case 'literal':
      case 'number':
        return this.#literal(node, parameter);
      default: {
        const evaluate = this.#value(node);
        if (parameter.kind === 'value' || parameter.kind === 'any') return evaluate;
        return (run, dot) => this.#fit(evaluate(run, dot), parameter, node);
      }
    }
  }

  /** Constants must be what the parameter is; a whole number does for a float. */
  #literal(node: Operand & { kind: 'literal' | 'number' }, parameter: Parameter): Evaluate {
    const evaluate = this.#value(node);
    const found = this.#source(node);
    switch (parameter.kind) {
      case 'value':
      case 'any':
        return evaluate;
      case 'string':
        return node.kind === 'literal' && typeof node.value === 'string' ? evaluate : this.#failing(node, `expected string; found ${found}`);
      case 'bool':
        return node.kind === 'literal' && typeof node.value === 'boolean' ? evaluate : this.#failing(node, `expected bool; found ${found}`);
      case 'int':
        return node.kind === 'number' && node.isInteger ? () => intValue(node.value) : this.#failing(node, `expected integer; found ${found}`);
      case 'float':
        return node.kind === 'number' ? () => floatValue(node.value) : this.#failing(node, `expected float; found ${found}`);
      default:
        return this.#failing(node, `can't handle ${found} for arg of type ${parameter.name}`);
    }
  }

  /** The value as a parameter takes it; one pointer is followed. */
  #fit(value: Argument, parameter: Parameter, node: Span): Argument {
    if (parameter.kind === 'value' || parameter.kind === 'any') return value;
    if (!value) {
      if (!acceptsNil(parameter)) throw this.error(node, `invalid value; expected ${parameter.name}`);
      return valueOf(parameter, undefined);
    }
    if (isAssignable(value, parameter)) return value;
    if (value.type.kind === 'pointer' && value.type.to.name === parameter.name) {
      if (value.raw === undefined) throw this.error(node, `dereference of nil pointer of type ${parameter.name}`);
      return valueOf(parameter, value.raw);
    }
    throw this.error(node, `wrong type for value; expected ${parameter.name}; got ${value.type.name}`);
  }
}

const anything: Parameter = { kind: 'value', name: 'reflect.Value' };

const acceptsNil = (parameter: Parameter): boolean => parameter.kind === 'value' || parameter.kind === 'any' || parameter.kind === 'list' || parameter.kind === 'map' || parameter.kind === 'pointer';

const isAssignable = (value: Value, parameter: Parameter): boolean => value.type.kind === parameter.kind && value.type.name === parameter.name;

const hasField = (type: Parameter, name: string): boolean => type.kind !== 'struct' || type.fields.has(name) || type.promoted?.has(name) === true;

function wrongCount(name: string, { parameters, variadic }: Signature, given: Given): string | undefined {
  const count = given.operands.length + (given.previous ? 1 : 0);
  if (variadic) return count < parameters.length - 1 ? `wrong number of args for ${name}: want at least ${parameters.length - 1} got ${count}` : undefined;
  return count === parameters.length ? undefined : `wrong number of args for ${name}: want ${parameters.length} got ${count}`;
}
