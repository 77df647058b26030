/** What is wrong with a template, or what went wrong while it ran. Its message names template, line and column (both from 1). */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  /** Without the position. */
  readonly reason: string;
  /** Offset in the text of the template. */
  readonly position: number;

  constructor(template: string, text: string, position: number, reason: string, at = '') {
    const { line, column } = place(text, position);
    super(`template: ${template}:${line}:${column}: ${at ? `at <${at}>: ` : ''}${reason}`);
    this.reason = reason;
    this.position = position;
  }
}

/** Thrown by functions of templates; the evaluator adds the place. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
}

/** Line and column of an offset, both from 1. */
export function place(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position);
  return { line: before.split('\n').length, column: position - before.lastIndexOf('\n') };
}
