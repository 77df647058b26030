/** The tree that the parser makes of a template. `start` and `end` are offsets in its text. */

interface Span {
  readonly start: number;
  readonly end: number;
}

export type Node = TextNode | ActionNode | BranchNode | RangeNode | TemplateNode | JumpNode;

export interface TextNode extends Span {
  readonly kind: 'text';
  readonly text: string;
}

export interface ActionNode extends Span {
  readonly kind: 'action';
  readonly pipe: PipeNode;
}

export interface BranchNode extends Span {
  readonly kind: 'if' | 'with';
  readonly pipe: PipeNode;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

export interface RangeNode extends Span {
  readonly kind: 'range';
  readonly pipe: PipeNode;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

export interface TemplateNode extends Span {
  readonly kind: 'template';
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

export interface JumpNode extends Span {
  readonly kind: 'break' | 'continue';
}

/** `$a, $b := command | command` */
export interface PipeNode extends Span {
  readonly kind: 'pipe';
  readonly variables: readonly string[];
  /** `=` instead of `:=`. */
  readonly assign: boolean;
  readonly commands: readonly CommandNode[];
}

export interface CommandNode extends Span {
  /** The first is the function, the field or the value itself. */
  readonly operands: readonly [Operand, ...Operand[]];
}

export type Operand = PipeNode | DotNode | NilNode | LiteralNode | NumberNode | FunctionNode | FieldNode | VariableNode | ChainNode;

export interface DotNode extends Span {
  readonly kind: 'dot';
}

export interface NilNode extends Span {
  readonly kind: 'nil';
}

export interface LiteralNode extends Span {
  readonly kind: 'literal';
  readonly value: string | boolean;
}

export interface NumberNode extends Span {
  readonly kind: 'number';
  readonly value: number;
  readonly isInteger: boolean;
  /** Where nothing else says which: a float (`1.5`, `1e3`), not an integer. */
  readonly isFloat: boolean;
}

export interface FunctionNode extends Span {
  readonly kind: 'function';
  readonly name: string;
}

/** `.A.B` */
export interface FieldNode extends Span {
  readonly kind: 'field';
  readonly names: readonly string[];
}

/** `$x.A.B`; `$` alone is the data that the template was given. */
export interface VariableNode extends Span {
  readonly kind: 'variable';
  readonly name: string;
  readonly names: readonly string[];
}

/** `(pipeline).A.B` or `function.A.B` */
export interface ChainNode extends Span {
  readonly kind: 'chain';
  readonly base: Operand;
  readonly names: readonly string[];
}
