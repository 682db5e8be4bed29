// Where a script uses what argparse gives it: `args.lr`, `getattr(args, "lr")`, `set_defaults(lr=…)`.
import type { TextRange } from "../../projects/document.ts";
import { codeText } from "./codeText.ts";
import type { CallNode, Expression, FunctionNode, PythonFile, Statement } from "./syntax.ts";
import { bodiesOf, expressionsIn } from "./syntax.ts";

export interface DestUses {
  /** Of the name alone, without quotes. */
  ranges: TextRange[];
  /** Nothing else in the file can use it. */
  isSure: boolean;
}

const READS = /^parse_(?:known_)?(?:intermixed_)?args$/;
const READ_CALL = /\.\s*parse_(?:known_)?(?:intermixed_)?args\s*\(/g;

/** Where the attribute `dest` of the parsed arguments is used. */
export function usesOfDest(file: PythonFile, dest: string): DestUses {
  return new Namespaces(file).usesOf(dest);
}

/** All statements, nested ones too. */
function* statementsIn(body: readonly Statement[]): Generator<Statement> {
  for (const statement of body) {
    yield statement;
    for (const inner of bodiesOf(statement)) yield* statementsIn(inner);
  }
}

class Namespaces {
  readonly #file: PythonFile;
  readonly #statements: Statement[];
  readonly #expressions: Expression[];
  readonly #functions = new Map<string, FunctionNode>();
  /** Variables that hold parsed arguments, and functions that give them. */
  readonly #names = new Set<string>();
  readonly #givers = new Set<string>();
  /** Where parsed arguments go on to another place that is looked at: offsets of their expressions. */
  readonly #followed = new Set<number>();
  readonly #texts: Array<{ name: string; range: TextRange }> = [];

  constructor(file: PythonFile) {
    this.#file = file;
    this.#statements = [...statementsIn(file.body)];
    this.#expressions = [...expressionsIn(file.body)];
    for (const one of this.#statements) if (one.kind === "function") this.#functions.set(one.name, one);
    for (let size = -1; size !== this.#names.size + this.#givers.size; ) {
      size = this.#names.size + this.#givers.size;
      this.#spread();
    }
    this.#follow();
  }

  usesOf(dest: string): DestUses {
    const code = codeText(this.#file.text);
    const ranges = this.#texts.filter(({ name }) => name === dest).map(({ range }) => range);
    let isSure = !this.#file.broken;
    for (const name of this.#names) {
      for (const { index } of code.matchAll(new RegExp(`(?<![\\w.])${name}(?!\\w)`, "g"))) {
        const member = /^\s*\.\s*([A-Za-z_]\w*)/.exec(code.slice(index + name.length, index + name.length + 300));
        const end = index + name.length + (member?.[0].length ?? 0);
        if (member?.[1] === dest) ranges.push({ start: end - dest.length, end });
        else if (member === null && !this.#followed.has(index) && !isScope(code, index)) isSure = false;
      }
    }
    for (const name of this.#givers) {
      for (const { index } of code.matchAll(new RegExp(`(?<![\\w.])${name}\\s*\\(`, "g"))) {
        const isDefinition = /def\s+$/.test(code.slice(Math.max(0, index - 20), index));
        if (!isDefinition && !this.#followed.has(index)) isSure = false;
      }
    }
    const reads = this.#expressions.filter((one) => isReading(one) && this.#followed.has(one.range.start)).length;
    if (reads === 0 || [...code.matchAll(READ_CALL)].length !== reads) isSure = false;
    ranges.push(...this.#defaults(dest));
    return { ranges: ranges.toSorted((a, b) => a.start - b.start), isSure };
  }

  /** `set_defaults(lr=…)`. */
  #defaults(dest: string): TextRange[] {
    return this.#expressions.flatMap((one) =>
      one.kind === "call" && one.callee.kind === "member" && one.callee.name === "set_defaults"
        ? one.keywords.flatMap(({ name, nameRange }) => (name === dest ? [nameRange] : []))
        : [],
    );
  }

  #isNamespace(expression: Expression | undefined): boolean {
    if (expression?.kind === "name") return this.#names.has(expression.name);
    if (expression?.kind !== "call") return false;
    return isReading(expression) || (expression.callee.kind === "name" && this.#givers.has(expression.callee.name));
  }

  #spread(): void {
    for (const statement of this.#statements) {
      if (statement.kind === "assign" && this.#isNamespace(statement.value)) {
        const [target] = statement.targets;
        const first = target?.kind === "list" ? target.items[0] : target;
        if (first?.kind === "name") this.#names.add(first.name);
      }
      if (statement.kind !== "function") continue;
      const returns = [...statementsIn(statement.body)].some(
        (one) => one.kind === "return" && this.#isNamespace(one.value),
      );
      if (returns) this.#givers.add(statement.name);
    }
    for (const expression of this.#expressions) {
      if (expression.kind === "call")
        for (const { parameter } of this.#passed(expression)) if (parameter !== undefined) this.#names.add(parameter);
    }
  }

  /** The parsed arguments among those of a call, and the parameters of a function of this file that take them. */
  #passed(call: CallNode): Array<{ value: Expression; parameter?: string }> {
    const called = call.callee.kind === "name" ? this.#functions.get(call.callee.name) : undefined;
    const taken = (index: number) => {
      const parameter = called?.parameters[index];
      return parameter?.kind === "plain" ? { parameter: parameter.name } : {};
    };
    const known = (name: string) =>
      called?.parameters.some((one) => one.name === name && one.kind !== "map") ? { parameter: name } : {};
    return [
      ...call.args.map((value, index) => ({ value, ...taken(index) })),
      ...call.keywords.map(({ name, value }) => ({ value, ...known(name) })),
    ].filter(({ value }) => this.#isNamespace(value));
  }

  #follow(): void {
    const followed = (expression: Expression) => this.#followed.add(expression.range.start);
    for (const statement of this.#statements) {
      if (statement.kind === "assign") this.#followAssignment(statement);
      if (statement.kind === "expression" && isReading(statement.value)) followed(statement.value);
      if (statement.kind === "return" && this.#isNamespace(statement.value) && statement.value !== undefined)
        followed(statement.value);
      if (statement.kind === "function")
        for (const { name, nameRange, kind } of statement.parameters)
          if (this.#names.has(name) && kind !== "list" && kind !== "map") this.#followed.add(nameRange.start);
    }
    for (const expression of this.#expressions) {
      if (expression.kind === "member" && this.#isNamespace(expression.of)) this.#followMember(expression);
      if (expression.kind === "index") this.#followIndex(expression);
      if (expression.kind !== "call") continue;
      for (const { nameRange } of expression.keywords) this.#followed.add(nameRange.start);
      for (const { value, parameter } of this.#passed(expression)) if (parameter !== undefined) followed(value);
      this.#followBuiltin(expression);
    }
  }

  #followAssignment({ targets, value }: Extract<Statement, { kind: "assign" }>): void {
    const [target] = targets;
    const isPlain = targets.length === 1 && (target?.kind === "name" || target?.kind === "list");
    const first = target?.kind === "list" ? target.items[0] : target;
    if (value === undefined || !this.#isNamespace(value) || !isPlain || first?.kind !== "name") return;
    // Of the two that `parse_known_args` gives the first is the namespace; nothing else gives two.
    if ((target?.kind === "list") !== isKnownReading(value)) return;
    this.#followed.add(first.range.start);
    this.#followed.add(value.range.start);
  }

  /** `parser.parse_args().lr`; that of a variable is found in the text. */
  #followMember({ of, name, nameRange }: Extract<Expression, { kind: "member" }>): void {
    if (of.kind !== "call" || isKnownReading(of)) return;
    this.#followed.add(of.range.start);
    this.#texts.push({ name, range: nameRange });
  }

  /** `vars(args)["lr"]`. */
  #followIndex({ of, items: [key] }: Extract<Expression, { kind: "index" }>): void {
    if (of.kind !== "call" || of.callee.kind !== "name" || of.callee.name !== "vars" || key?.kind !== "text") return;
    const [value] = of.args;
    if (value === undefined || !this.#isNamespace(value)) return;
    this.#followed.add(value.range.start);
    this.#texts.push({ name: key.value, range: insideQuotes(key) });
  }

  #followBuiltin({ callee, args: [value, key] }: CallNode): void {
    if (callee.kind !== "name" || value === undefined || !this.#isNamespace(value)) return;
    if (callee.name === "print") this.#followed.add(value.range.start);
    if (!/^(?:get|has|set|del)attr$/.test(callee.name) || key?.kind !== "text") return;
    this.#followed.add(value.range.start);
    this.#texts.push({ name: key.value, range: insideQuotes(key) });
  }
}

function isReading(expression: Expression): boolean {
  return expression.kind === "call" && expression.callee.kind === "member" && READS.test(expression.callee.name);
}

function isKnownReading(expression: Expression): boolean {
  return expression.kind === "call" && isReading(expression) && nameOfCallee(expression).includes("known");
}

function nameOfCallee({ callee }: CallNode): string {
  return callee.kind === "member" ? callee.name : "";
}

/** `global args`. */
function isScope(code: string, index: number): boolean {
  const line = code.slice(code.lastIndexOf("\n", index) + 1, index);
  return /^\s*(?:global|nonlocal)\s[\w\s,]*$/.test(line);
}

/** A text ends in front of its closing quote, whatever stands before its opening one. */
export function insideQuotes({ value, range }: { value: string; range: TextRange }): TextRange {
  return { start: range.end - 1 - value.length, end: range.end - 1 };
}
