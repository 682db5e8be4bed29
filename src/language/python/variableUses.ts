// Where a function uses one of its own parameters.
import type { TextRange } from "../../projects/document.ts";
import { codeText } from "./codeText.ts";
import type { FunctionNode, PythonFile } from "./syntax.ts";
import { expressionsIn } from "./syntax.ts";

/**
 * The places that must change with the name of a parameter: its own, those in the body, and the keywords of calls in this file.
 * Undefined where that cannot be told for sure, or where `newName` means something there already.
 */
export function usesOfParameter(
  file: PythonFile,
  node: FunctionNode,
  name: string,
  newName: string,
): TextRange[] | undefined {
  const own = node.parameters.find((parameter) => parameter.name === name);
  const calls = [...expressionsIn(file.body)].filter((one) => one.kind === "call");
  const keywords = new Set(calls.flatMap((call) => call.keywords.map(({ nameRange }) => nameRange.start)));
  const code = codeText(file.text).slice(0, node.range.end);
  const placesOf = (word: string) =>
    [...code.matchAll(new RegExp(`(?<![\\w.])${word}(?!\\w)`, "g"))]
      .map(({ index }) => ({ start: index, end: index + word.length }))
      .filter(({ start }) => start >= node.range.start && !keywords.has(start));
  const inside = code.slice(node.range.start);
  if (own === undefined || file.broken || placesOf(newName).length > 0) return undefined;
  if (/\b(?:locals|vars|eval|exec|globals)\s*\(|\blambda\b/.test(inside) || isBoundAgain(file, node, name)) {
    return undefined;
  }
  const given = calls
    .filter(({ callee }) => callee.kind === "name" && callee.name === node.name)
    .flatMap((call) => call.keywords.filter((keyword) => keyword.name === name));
  const uses = [...placesOf(name), ...given.map(({ nameRange }) => nameRange)];
  return uses.some(({ start }) => start === own.nameRange.start) ? uses : undefined;
}

/** A function inside it, or a class, has the name for itself. */
function isBoundAgain(file: PythonFile, node: FunctionNode, name: string): boolean {
  const inside = file.text.slice(node.range.start, node.range.end);
  const definitions = [...inside.matchAll(/\b(?:def|class)\s+\w+\s*(\([^)]*)?/g)].slice(1);
  return definitions.some(([head]) => new RegExp(`\\b${name}\\b`).test(head));
}
