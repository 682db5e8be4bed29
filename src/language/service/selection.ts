import type { SelectionRange } from "vscode-languageserver";
import type { EntryPoint, MlprojectDocument, TextRange } from "../../projects/document.ts";
import { commandsOf } from "./commandWords.ts";
import { rangeIn } from "./positions.ts";

/** What a person selects by widening: a word, a placeholder, a command, a parameter, an entry point, the file. */
export function selectionRange(document: MlprojectDocument, offset: number): SelectionRange {
  const { text, entryPoints, environment } = document;
  const around = [
    wordAt(text, offset),
    lineAt(text, offset),
    { start: 0, end: text.length },
    ...(environment === undefined ? [] : [environment.range]),
    ...entryPoints.flatMap((entryPoint) => (holds(entryPoint.range, offset) ? partsOf(document, entryPoint) : [])),
  ].filter((range) => range !== undefined && range.end > range.start && holds(range, offset));
  const nested: TextRange[] = [];
  for (const range of around.toSorted((a, b) => b.end - b.start - (a.end - a.start))) {
    const outer = nested.at(-1);
    const fits = outer === undefined || (range.start >= outer.start && range.end <= outer.end);
    const isSame = range.start === outer?.start && range.end === outer.end;
    if (fits && !isSame) nested.push(range);
  }
  let found: SelectionRange | undefined;
  for (const range of nested) {
    found = { range: rangeIn(document, range), ...(found === undefined ? {} : { parent: found }) };
  }
  return found ?? { range: rangeIn(document, { start: offset, end: offset }) };
}

function partsOf(document: MlprojectDocument, entryPoint: EntryPoint): TextRange[] {
  const { range, nameRange, commandRange, parametersRange, parameters, placeholders } = entryPoint;
  const commands = commandsOf(document, entryPoint);
  return [
    range,
    nameRange,
    commandRange,
    commandRange && withoutQuotes(document.text, commandRange),
    parametersRange,
    ...placeholders.flatMap((one) => [one.range, one.nameRange]),
    ...parameters.flatMap((one) => [one.range, one.nameRange, one.typeRange, one.defaultScalar?.range]),
    ...commands.flatMap(({ words }) => words.map((word) => word.range)),
  ].filter((one) => one !== undefined);
}

function withoutQuotes(text: string, { start, end }: TextRange): TextRange {
  return /["']/.test(text[start] ?? "") && end - start > 2 ? { start: start + 1, end: end - 1 } : { start, end };
}

function wordAt(text: string, offset: number): TextRange {
  const before = /[\w-]*$/.exec(text.slice(Math.max(0, offset - 200), offset))?.[0].length ?? 0;
  const after = /^[\w-]*/.exec(text.slice(offset, offset + 200))?.[0].length ?? 0;
  return { start: offset - before, end: offset + after };
}

/** Without its indentation. */
function lineAt(text: string, offset: number): TextRange {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = /^[^\r\n]*/.exec(text.slice(offset))?.[0].length ?? 0;
  const indent = /^\s*/.exec(text.slice(start, offset))?.[0].length ?? 0;
  return { start: start + indent, end: offset + end };
}

function holds(range: TextRange, offset: number): boolean {
  return range.start <= offset && offset <= range.end;
}
