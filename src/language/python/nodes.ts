// Nodes of Lezer's tree, as far as they need no more than their names and places.
import type { SyntaxNode } from "@lezer/common";
import type { TextRange } from "../../projects/document.ts";

/** Nodes that hold no expression of their own. */
export const SIGNS = new Set(["(", ")", "[", "]", "{", "}", ",", ":", ".", ";", "*", "**", "AssignOp", "Comment", "⚠"]);

export function rangeOf(node: SyntaxNode): TextRange {
  return { start: node.from, end: node.to };
}

/** A keyword or an operator stands in the tree by its own text, or as an `…Op`. */
export function isWord(node: SyntaxNode): boolean {
  return /^[a-z]+$/.test(node.name) || node.name.endsWith("Op");
}
