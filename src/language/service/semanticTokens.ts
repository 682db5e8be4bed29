import type { EntryPoint, MlprojectDocument, TextRange } from "../../projects/document.ts";
import { commandsOf, literalStart } from "./commandWords.ts";
import { parameterOf } from "./nodeAt.ts";
import { rangeIn } from "./positions.ts";
import { TYPE_MEANINGS } from "./keys.ts";

/** What the tokens of an MLproject file are; package.json gives them the scopes of the grammar. */
export const TOKEN_LEGEND = {
  tokenTypes: ["parameter", "type", "property"],
  tokenModifiers: ["declaration", "defaultLibrary"],
};

type TokenType = "parameter" | "type" | "property";

export interface SemanticToken {
  type: TokenType;
  modifier?: "declaration" | "defaultLibrary";
  range: TextRange;
}

/** Parameters where they are declared and used, types, and the options of commands; in text order, none over another. */
export function semanticTokens(document: MlprojectDocument): SemanticToken[] {
  const all = document.entryPoints
    .flatMap((entryPoint) => [
      ...declarations(entryPoint),
      ...placeholders(entryPoint),
      ...options(document, entryPoint),
    ])
    .toSorted((a, b) => a.range.start - b.range.start || b.range.end - a.range.end);
  const apart: SemanticToken[] = [];
  for (const token of all) {
    const isOver = token.range.start < (apart.at(-1)?.range.end ?? 0) || token.range.end === token.range.start;
    // A token stands on one line; a merged parameter is met once for each entry point.
    if (!isOver && !document.text.slice(token.range.start, token.range.end).includes("\n")) apart.push(token);
  }
  return apart;
}

/** The tokens as the protocol wants them: five numbers each, lines and columns counted from the one before. */
export function encodeTokens(document: MlprojectDocument, tokens: readonly SemanticToken[]): number[] {
  let line = 0;
  let character = 0;
  return tokens.flatMap(({ type, modifier, range }) => {
    const { start } = rangeIn(document, range);
    const isSameLine = start.line === line;
    const data = [
      start.line - line,
      isSameLine ? start.character - character : start.character,
      range.end - range.start,
      TOKEN_LEGEND.tokenTypes.indexOf(type),
      modifier === undefined ? 0 : 1 << TOKEN_LEGEND.tokenModifiers.indexOf(modifier),
    ];
    ({ line, character } = start);
    return data;
  });
}

function declarations({ parameters }: EntryPoint): SemanticToken[] {
  return parameters.flatMap(({ nameRange, type, typeRange }): SemanticToken[] => {
    const name: SemanticToken = { type: "parameter", modifier: "declaration", range: nameRange };
    if (typeRange === undefined) return [name];
    const isKnown = TYPE_MEANINGS.some((one) => one.type === type);
    return [name, { type: "type", range: typeRange, ...(isKnown ? { modifier: "defaultLibrary" as const } : {}) }];
  });
}

/** Those of parameters that there are; what is undefined looks like the text around it. */
function placeholders(entryPoint: EntryPoint): SemanticToken[] {
  return entryPoint.placeholders
    .filter((placeholder) => parameterOf(entryPoint, placeholder) !== undefined)
    .map(({ nameRange }) => ({ type: "parameter" as const, range: nameRange }));
}

function options(document: MlprojectDocument, entryPoint: EntryPoint): SemanticToken[] {
  return commandsOf(document, entryPoint).flatMap(({ words }) =>
    words.flatMap((word): SemanticToken[] => {
      const name = /^--?[A-Za-z][\w-]*/.exec(literalStart(word))?.[0];
      const { start } = word.range;
      // Quotes inside it would shift what follows.
      if (name === undefined || document.text.slice(start, start + name.length) !== name) return [];
      return [{ type: "property", range: { start, end: start + name.length } }];
    }),
  );
}
