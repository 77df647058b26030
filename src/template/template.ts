/** Templates in the language of Go's text/template. */
import { compile, type Execute, type Run } from './compile.ts';
import { TemplateError } from './errors.ts';
import { builtins, type Functions } from './functions.ts';
import { parse } from './parser.ts';
import type { Argument } from './values.ts';

export interface Template {
  readonly name: string;
  readonly text: string;
  /** What the template makes of a value. Throws TemplateError. */
  render(data: Argument, options?: RenderOptions): string;
}

export interface RenderOptions {
  /** A key that a map does not have is an error, instead of `<no value>`. */
  readonly missingKeyFails?: boolean;
}

/**
 * Compiles a template. `name` stands in messages; `functions` come on top of those that every Go template has.
 * Throws TemplateError where the text is no template.
 */
export function template(name: string, text: string, functions: Functions = {}): Template {
  const all: Functions = { ...builtins, ...functions };
  const execute = guarded(name, text, () => compile(parse(name, text, (word) => Object.hasOwn(all, word)), all));
  return {
    name,
    text,
    render: (data, options = {}) => guarded(name, text, () => run(execute, data, options)),
  };
}

function run(execute: Execute, data: Argument, { missingKeyFails = false }: RenderOptions): string {
  const state: Run = { out: '', variables: [], depth: 0, steps: 0, missingKeyFails };
  execute(state, data);
  return state.out;
}

/** A template that exhausts the stack or makes a text that is too long is wrong, not the program. */
function guarded<T>(name: string, text: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof RangeError) throw new TemplateError(name, text, 0, 'it is nested too deeply or makes too long a text');
    throw error;
  }
}
