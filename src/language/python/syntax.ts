// The part of Python's syntax that says how a script reads its command line. Made by parse.ts.
import type { TextRange } from "../../projects/document.ts";

export interface Keyword {
  name: string;
  nameRange: TextRange;
  value: Expression;
}

export interface CallNode {
  kind: "call";
  callee: Expression;
  args: Expression[];
  keywords: Keyword[];
  /** `*args` or `**kwargs` stands among the arguments. */
  spread: boolean;
  /** What stands behind `**`; absent when there is a `*args`, too. */
  maps?: Expression[];
  /** Between the brackets. */
  inside: TextRange;
  range: TextRange;
}

export type Expression = { range: TextRange } & (
  | { kind: "text"; value: string }
  | { kind: "number"; value: number; source: string; isInt: boolean }
  | { kind: "constant"; value: boolean | null }
  | { kind: "name"; name: string }
  | { kind: "member"; of: Expression; name: string; nameRange: TextRange }
  | CallNode
  | { kind: "list"; items: Expression[] }
  | { kind: "dict"; entries: Array<{ key: Expression; value: Expression }>; spread: boolean }
  | { kind: "index"; of: Expression; items: Expression[]; slice: boolean }
  /** Anything else, with the expressions inside it. */
  | { kind: "other"; type: string; parts: Expression[] }
);

export interface FunctionParameter {
  name: string;
  nameRange: TextRange;
  range: TextRange;
  annotation?: Expression;
  default?: Expression;
  kind: "plain" | "keyword" | "list" | "map";
}

export interface FunctionNode {
  kind: "function";
  name: string;
  nameRange: TextRange;
  parameters: FunctionParameter[];
  decorators: Expression[];
  body: Statement[];
  doc?: string;
  range: TextRange;
}

export interface ClassNode {
  kind: "class";
  name: string;
  nameRange: TextRange;
  bases: Expression[];
  decorators: Expression[];
  body: Statement[];
  doc?: string;
  range: TextRange;
}

export interface ImportNode {
  kind: "import";
  /** Dots in front of the module's name. */
  level: number;
  module: string;
  /** Absent for `import module`; `*` for all. */
  names?: Array<{ name: string; as: string }>;
  /** The name that `import module` binds, and whether it is the module itself (`as`) or its first package. */
  as?: string;
  range: TextRange;
}

export type Statement =
  | { kind: "expression"; value: Expression; range: TextRange }
  | { kind: "assign"; targets: Expression[]; value?: Expression; annotation?: Expression; range: TextRange }
  | { kind: "update"; target: Expression; value: Expression; range: TextRange }
  | FunctionNode
  | ClassNode
  | ImportNode
  | { kind: "return"; value?: Expression; range: TextRange }
  | { kind: "if"; tests: Array<Expression | undefined>; bodies: Statement[][]; range: TextRange }
  | { kind: "for"; targets: Expression[]; of: Expression; body: Statement[]; range: TextRange }
  /** `with`, `while`, `try`, `match`: what stands in the head, the body that runs, and the bodies that may run. */
  | { kind: "block"; type: string; head: Expression[]; body: Statement[]; others: Statement[][]; range: TextRange }
  | { kind: "other"; type: string; parts: Expression[]; range: TextRange };

export interface PythonFile {
  text: string;
  body: Statement[];
  doc?: string;
  /** Something of it is no Python (any more, or yet). */
  broken: boolean;
}

/** All expressions in `expression`, itself first. */
export function* within(expression: Expression): Generator<Expression> {
  yield expression;
  for (const part of partsOf(expression)) yield* within(part);
}

function partsOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case "member":
      return [expression.of];
    case "call":
      return [expression.callee, ...expression.args, ...expression.keywords.map(({ value }) => value)];
    case "list":
      return expression.items;
    case "dict":
      return expression.entries.flatMap(({ key, value }) => [key, value]);
    case "index":
      return [expression.of, ...expression.items];
    case "other":
      return expression.parts;
    case "text":
    case "number":
    case "constant":
    case "name":
      return [];
    default:
      return expression satisfies never;
  }
}

/** Every expression of the statements, nested ones too; functions and classes included. */
export function* expressionsIn(statements: readonly Statement[]): Generator<Expression> {
  for (const statement of statements) {
    for (const expression of ownExpressions(statement)) yield* within(expression);
    for (const body of bodiesOf(statement)) yield* expressionsIn(body);
  }
}

function ownExpressions(statement: Statement): Expression[] {
  const present = (list: ReadonlyArray<Expression | undefined>) => list.filter((one) => one !== undefined);
  switch (statement.kind) {
    case "expression":
      return [statement.value];
    case "assign":
      return present([...statement.targets, statement.value, statement.annotation]);
    case "update":
      return [statement.target, statement.value];
    case "return":
      return present([statement.value]);
    case "function":
      return [
        ...statement.decorators,
        ...statement.parameters.flatMap((parameter) => present([parameter.annotation, parameter.default])),
      ];
    case "class":
      return [...statement.decorators, ...statement.bases];
    case "if":
      return present(statement.tests);
    case "for":
      return [...statement.targets, statement.of];
    case "block":
      return statement.head;
    case "other":
      return statement.parts;
    case "import":
      return [];
    default:
      return statement satisfies never;
  }
}

/** The statements that stand inside another. */
export function bodiesOf(statement: Statement): Statement[][] {
  switch (statement.kind) {
    case "function":
    case "class":
    case "for":
      return [statement.body];
    case "if":
      return statement.bodies;
    case "block":
      return [statement.body, ...statement.others];
    default:
      return [];
  }
}

/** `a.b.c` of names and members; undefined for anything else. */
export function dottedName(expression: Expression): string | undefined {
  if (expression.kind === "name") return expression.name;
  if (expression.kind !== "member") return undefined;
  const of = dottedName(expression.of);
  return of === undefined ? undefined : `${of}.${expression.name}`;
}
