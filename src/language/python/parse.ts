// From Lezer's syntax tree to ours. Lezer recovers from errors: a script that is being typed still says most of what it takes.
import type { SyntaxNode } from "@lezer/common";
import { parser } from "@lezer/python";
import { callOf, parametersOf } from "./argumentSyntax.ts";
import { importsOf } from "./importStatement.ts";
import { isWord, rangeOf, SIGNS } from "./nodes.ts";
import { numberOfLiteral, textOfLiteral } from "./pythonText.ts";
import type { ClassNode, Expression, FunctionNode, PythonFile, Statement } from "./syntax.ts";
import { docOf } from "./doc.ts";

/** Reads a Python file; never throws. */
export function parsePython(text: string): PythonFile {
  const tree = parser.parse(text);
  const reader = new Reader(text);
  const body = reader.statements(tree.topNode);
  const doc = docOf(body);
  return { text, body, broken: reader.broken, ...(doc === undefined ? {} : { doc }) };
}

/** Deepest nesting that is read; nobody writes more, and a stack has its end. */
const DEEPEST = 150;

class Reader {
  readonly #text: string;
  broken = false;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  statements(parent: SyntaxNode): Statement[] {
    return this.children(parent).flatMap((node) => this.#statement(node));
  }

  children(parent: SyntaxNode): SyntaxNode[] {
    const found: SyntaxNode[] = [];
    for (let node = parent.firstChild; node !== null; node = node.nextSibling) {
      if (node.type.isError) this.broken = true;
      if (node.name !== "Comment") found.push(node);
    }
    return found;
  }

  /** What `read` makes of a node inside another; undefined when it lies too deep. */
  #deeper<T>(read: () => T): T | undefined {
    if (this.#depth >= DEEPEST) {
      this.broken = true;
      return undefined;
    }
    this.#depth += 1;
    const made = read();
    this.#depth -= 1;
    return made;
  }

  #statement(node: SyntaxNode): Statement[] {
    return this.#deeper(() => this.#shallowStatement(node)) ?? [];
  }

  expression(node: SyntaxNode): Expression {
    const read = this.#deeper(() => this.#shallowExpression(node));
    return read ?? { kind: "other", type: node.name, parts: [], range: rangeOf(node) };
  }

  #shallowStatement(node: SyntaxNode): Statement[] {
    const range = rangeOf(node);
    switch (node.name) {
      case ":":
      case ";":
      case "⚠":
        return [];
      case "StatementGroup":
        return this.statements(node);
      case "ExpressionStatement":
        return this.expressions(node).map((value) => ({ kind: "expression", value, range }));
      case "AssignStatement":
        return [this.#assign(node)];
      case "UpdateStatement": {
        const [target, value] = this.expressions(node);
        return target === undefined || value === undefined ? [] : [{ kind: "update", target, value, range }];
      }
      case "ReturnStatement": {
        const [value, more] = this.expressions(node);
        if (value === undefined) return [{ kind: "return", range }];
        if (more === undefined) return [{ kind: "return", value, range }];
        return [{ kind: "return", value: { kind: "list", items: this.expressions(node), range }, range }];
      }
      case "ImportStatement":
        return importsOf(this.source(node), range);
      case "DecoratedStatement": {
        const decorators = this.children(node).flatMap((one) => (one.name === "Decorator" ? this.#decorator(one) : []));
        return this.children(node).flatMap((one) => this.#definition(one, decorators));
      }
      case "FunctionDefinition":
      case "ClassDefinition":
        return this.#definition(node, []);
      case "IfStatement":
        return [this.#if(node)];
      case "ForStatement":
        return [this.#for(node)];
      case "WithStatement":
      case "WhileStatement":
      case "TryStatement":
      case "MatchStatement":
        return [this.#block(node)];
      default:
        return [{ kind: "other", type: node.name, parts: this.expressions(node), range }];
    }
  }

  #assign(node: SyntaxNode): Statement {
    const sides: Expression[][] = [[]];
    let annotation: Expression | undefined;
    for (const child of this.children(node)) {
      if (child.name === "AssignOp") sides.push([]);
      else if (child.name === "TypeDef") [annotation] = this.expressions(child);
      else if (!SIGNS.has(child.name)) sides.at(-1)?.push(this.expression(child));
    }
    const whole = (side: Expression[]): Expression | undefined =>
      side.length > 1
        ? { kind: "list", items: side, range: { start: side[0]?.range.start ?? 0, end: side.at(-1)?.range.end ?? 0 } }
        : side[0];
    const value = sides.length > 1 ? whole(sides.pop() ?? []) : undefined;
    const targets = sides.flatMap((side) => whole(side) ?? []);
    const statement: Statement = { kind: "assign", targets, range: rangeOf(node) };
    if (value !== undefined) statement.value = value;
    if (annotation !== undefined) statement.annotation = annotation;
    return statement;
  }

  /** The name and call of a decorator stand side by side in the tree. */
  #decorator(node: SyntaxNode): Expression[] {
    let made: Expression | undefined;
    for (const child of this.children(node)) {
      if (child.name === "ArgList" && made !== undefined) made = callOf(made, child, rangeOf(node), this);
      else if (child.name === "VariableName" || child.name === "PropertyName") {
        const name = this.source(child);
        const range = rangeOf(child);
        made =
          made === undefined
            ? { kind: "name", name, range }
            : { kind: "member", of: made, name, nameRange: range, range: { start: made.range.start, end: range.end } };
      } else if (made === undefined && !SIGNS.has(child.name) && child.name !== "At") made = this.expression(child);
    }
    return made === undefined ? [] : [made];
  }

  #definition(node: SyntaxNode, decorators: Expression[]): Array<FunctionNode | ClassNode> {
    const nameNode = node.getChild("VariableName");
    if (nameNode === null || (node.name !== "FunctionDefinition" && node.name !== "ClassDefinition")) return [];
    const bodyNode = node.getChild("Body");
    const body = bodyNode === null ? [] : this.statements(bodyNode);
    this.children(node);
    const doc = docOf(body);
    const shared = { name: this.source(nameNode), nameRange: rangeOf(nameNode), decorators, body };
    const documented = { ...shared, range: rangeOf(node), ...(doc === undefined ? {} : { doc }) };
    if (node.name === "ClassDefinition") {
      const list = node.getChild("ArgList");
      return [{ kind: "class", bases: list === null ? [] : this.expressions(list), ...documented }];
    }
    const list = node.getChild("ParamList");
    return [{ kind: "function", parameters: list === null ? [] : parametersOf(list, this), ...documented }];
  }

  #if(node: SyntaxNode): Statement {
    const tests: Array<Expression | undefined> = [];
    const bodies: Statement[][] = [];
    let test: Expression | undefined;
    for (const child of this.children(node)) {
      if (child.name === "Body") {
        tests.push(test);
        bodies.push(this.statements(child));
        test = undefined;
      } else if (!["if", "elif", "else"].includes(child.name) && !SIGNS.has(child.name)) test = this.expression(child);
    }
    return { kind: "if", tests, bodies, range: rangeOf(node) };
  }

  #for(node: SyntaxNode): Statement {
    const targets: Expression[] = [];
    const of: Expression[] = [];
    const bodies: Statement[][] = [];
    let behindIn = false;
    for (const child of this.children(node)) {
      if (child.name === "in") behindIn = true;
      else if (child.name === "Body") bodies.push(this.statements(child));
      else if (!["for", "async", "else"].includes(child.name) && !SIGNS.has(child.name)) {
        (behindIn ? of : targets).push(this.expression(child));
      }
    }
    const range = rangeOf(node);
    const [first, ...rest] = bodies;
    const loop: Statement = {
      kind: "for",
      targets,
      of: of.length === 1 && of[0] !== undefined ? of[0] : { kind: "list", items: of, range },
      body: first ?? [],
      range,
    };
    if (rest.length === 0) return loop;
    return { kind: "block", type: "for-else", head: [], body: [loop, ...rest.flat()], others: [], range };
  }

  #block(node: SyntaxNode): Statement {
    const head: Expression[] = [];
    const bodies: Statement[][] = [];
    for (const child of this.children(node)) {
      if (child.name === "Body") bodies.push(this.statements(child));
      else if (child.name === "MatchBody") bodies.push([], ...this.#clauses(child));
      else if (!SIGNS.has(child.name) && !isWord(child)) head.push(this.expression(child));
    }
    const [body = [], ...others] = bodies;
    return { kind: "block", type: node.name, head, body, others, range: rangeOf(node) };
  }

  #clauses(node: SyntaxNode): Statement[][] {
    return this.children(node).flatMap((clause) => {
      const body = clause.getChild("Body");
      return body === null ? [] : [this.statements(body)];
    });
  }

  expressions(node: SyntaxNode): Expression[] {
    return this.children(node)
      .filter((child) => !SIGNS.has(child.name) && !isWord(child))
      .map((child) => this.expression(child));
  }

  #shallowExpression(node: SyntaxNode): Expression {
    const range = rangeOf(node);
    const source = this.source(node);
    switch (node.name) {
      case "VariableName":
        return { kind: "name", name: source, range };
      case "Boolean":
        return { kind: "constant", value: source === "True", range };
      case "None":
        return { kind: "constant", value: null, range };
      case "String":
      case "ContinuedString":
        return this.#string(node);
      case "Number": {
        const number = numberOfLiteral(source);
        if (number === undefined) return { kind: "other", type: node.name, parts: [], range };
        return { kind: "number", source, range, ...number };
      }
      case "UnaryExpression":
        return this.#unary(node);
      case "ParenthesizedExpression": {
        const [inner] = this.expressions(node);
        return inner ?? { kind: "other", type: node.name, parts: [], range };
      }
      case "ArrayExpression":
      case "TupleExpression":
      case "SetExpression":
        if (this.children(node).some((child) => child.name === "*")) break;
        return { kind: "list", items: this.expressions(node), range };
      case "DictionaryExpression":
        return this.#dict(node);
      case "MemberExpression":
        return this.#member(node);
      case "CallExpression": {
        const list = node.getChild("ArgList");
        const [callee] = this.expressions(node);
        if (list === null || callee === undefined) break;
        return callOf(callee, list, range, this);
      }
      default:
    }
    return { kind: "other", type: node.name, parts: this.expressions(node), range };
  }

  #string(node: SyntaxNode): Expression {
    const range = rangeOf(node);
    const pieces = node.name === "String" ? [node] : this.children(node);
    const texts = pieces.map((piece) => (piece.name === "String" ? textOfLiteral(this.source(piece)) : undefined));
    if (texts.some((text) => text === undefined)) return { kind: "other", type: node.name, parts: [], range };
    return { kind: "text", value: texts.join(""), range };
  }

  #unary(node: SyntaxNode): Expression {
    const range = rangeOf(node);
    const sign = this.source(node).trimStart()[0];
    const parts = this.expressions(node);
    const [inner] = parts;
    if (inner?.kind === "number" && (sign === "-" || sign === "+")) {
      const value = sign === "-" ? -inner.value : inner.value;
      return { kind: "number", value, source: sign + inner.source, isInt: inner.isInt, range };
    }
    return { kind: "other", type: node.name, parts, range };
  }

  #dict(node: SyntaxNode): Expression {
    const children = this.children(node);
    const inner = this.expressions(node);
    const spread = children.some((child) => child.name === "**");
    const entries: Array<{ key: Expression; value: Expression }> = [];
    if (!spread) {
      for (let index = 0; index + 1 < inner.length; index += 2) {
        const [key, value] = inner.slice(index, index + 2);
        if (key !== undefined && value !== undefined) entries.push({ key, value });
      }
    }
    return { kind: "dict", entries, spread, range: rangeOf(node) };
  }

  #member(node: SyntaxNode): Expression {
    const range = rangeOf(node);
    const [of, ...rest] = this.expressions(node);
    const property = node.getChild("PropertyName");
    if (of === undefined) return { kind: "other", type: node.name, parts: rest, range };
    if (property === null) {
      const slice = this.children(node).some((child) => child.name === ":");
      return { kind: "index", of, items: rest, slice, range };
    }
    return { kind: "member", of, name: this.source(property), nameRange: rangeOf(property), range };
  }

  source(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to);
  }
}
