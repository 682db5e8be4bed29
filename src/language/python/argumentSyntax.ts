// Parameters of functions and arguments of calls: rows of names, signs and values in Lezer's tree.
import type { SyntaxNode } from "@lezer/common";
import { rangeOf, SIGNS } from "./nodes.ts";
import type { CallNode, Expression, FunctionParameter } from "./syntax.ts";

/** Reads what stands inside a node. */
interface NodeReader {
  /** Its nodes, without comments. */
  children(parent: SyntaxNode): SyntaxNode[];
  expression(node: SyntaxNode): Expression;
  expressions(node: SyntaxNode): Expression[];
  source(node: SyntaxNode): string;
}

/** The parameters of a function. */
export function parametersOf(list: SyntaxNode, reader: NodeReader): FunctionParameter[] {
  const found: FunctionParameter[] = [];
  let kind: FunctionParameter["kind"] = "plain";
  let afterStar = false;
  let assigned = false;
  for (const child of reader.children(list)) {
    const last = found.at(-1);
    if (child.name === "*" || child.name === "**") {
      kind = child.name === "*" ? "list" : "map";
      afterStar ||= child.name === "*";
    } else if (child.name === ",") {
      kind = afterStar ? "keyword" : "plain";
      assigned = false;
    } else if (child.name === "AssignOp") assigned = true;
    else if (child.name === "TypeDef" && last !== undefined) {
      const [annotation] = reader.expressions(child);
      if (annotation !== undefined) last.annotation = annotation;
      last.range.end = child.to;
    } else if (assigned && last !== undefined && !SIGNS.has(child.name)) {
      last.default = reader.expression(child);
      last.range.end = child.to;
      assigned = false;
    } else if (child.name === "VariableName") {
      found.push({ name: reader.source(child), nameRange: rangeOf(child), range: rangeOf(child), kind });
    }
  }
  return found;
}

/** The call of `callee` with the arguments in `list`. */
export function callOf(callee: Expression, list: SyntaxNode, range: CallNode["range"], reader: NodeReader): CallNode {
  const call: CallNode = {
    kind: "call",
    callee,
    args: [],
    keywords: [],
    spread: false,
    inside: { start: list.from + 1, end: reader.source(list).endsWith(")") ? list.to - 1 : list.to },
    range,
  };
  const maps: Expression[] = [];
  let isPlain = true;
  const children = reader.children(list);
  for (let index = 0; index < children.length; index += 1) {
    const child = children[index];
    const after = children[index + 1];
    if (child === undefined) break;
    if (child.name === "*" || child.name === "**") {
      call.spread = true;
      if (child.name === "*") isPlain = false;
      else if (after !== undefined) maps.push(reader.expression(after));
      index += 1;
    } else if (child.name === "for" || child.name === "async") {
      call.spread = true;
      isPlain = false;
      break;
    } else if (child.name === "VariableName" && after?.name === "AssignOp") {
      const value = children[index + 2];
      index += 2;
      if (value === undefined || SIGNS.has(value.name)) continue;
      call.keywords.push({ name: reader.source(child), nameRange: rangeOf(child), value: reader.expression(value) });
    } else if (!SIGNS.has(child.name)) call.args.push(reader.expression(child));
  }
  if (isPlain && maps.length > 0) call.maps = maps;
  return call;
}
