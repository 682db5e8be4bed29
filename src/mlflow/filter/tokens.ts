import type { TextRange } from "./tree.ts";

export type TokenKind =
  | "identifier"
  | "integer"
  | "float"
  | "string"
  | "list"
  | "comparator"
  | "keyword"
  | "operation"
  | "semicolon"
  | "unknown";

/** A piece of a filter as MLflow sees it: `metrics.rmse` and `('a', 'b')` are one token each. */
export interface Token extends TextRange {
  kind: TokenKind;
  text: string;
}

/** What Python takes for space, as MLflow's parser does. */
const SPACE = new RegExp(String.raw`[\p{White_Space}\x1c-\x1f]+`, "uy");
const COMPARATOR = /[<>=~!]+|(?:NOT\s+)?(?:ILIKE|LIKE|RLIKE)\b/iy;
const KEYWORD = /(?:NOT\s+NULL|AND|OR|NOT|IN|IS|NULL|ASC|DESC|TRUE|FALSE)\b/iy;
/** SQL's own words, which are no names even behind a dot. */
const SQL_WORD = /(?:CASE|IN|VALUES|USING|FROM|AS)\b/iy;
const COMMENT = /(?:--|# )[^\r\n]*/y;
const FLOAT = /-?\d+(?:\.\d+)?E-?\d+|-?(?:\d+\.\d*|\.\d+)(?![A-Za-z_À-Ü])/iy;
/** No number for MLflow. */
const HEXADECIMAL = /-?0x[\dA-F]+/iy;
const INTEGER = /-?\d+(?![A-Za-z_À-Ü\d])/y;
const STRING = /'(?:''|\\'|[^'])*'/y;
const NAME = /`(?:``|[^`])*`|"(?:""|\\"|[^"])*"|[\p{L}\p{N}_][$#\p{L}\p{N}_]*/uy;
const QUOTED = String.raw`\x60(?:\x60\x60|[^\x60])*\x60|"(?:""|\\"|[^"])*"|'(?:''|\\'|[^'])*'`;
const WORD = String.raw`[\p{L}\p{N}_][$#\p{L}\p{N}_]*`;
const NUMBER = String.raw`\d+(?![\p{L}\p{N}_])`;
const NO_NAME = String.raw`(?!(?:CASE|IN|VALUES|USING|FROM|AS)\b)`;
const NO_KEYWORD = String.raw`(?!(?:CASE|IN|VALUES|USING|FROM|AS|AND|OR|NOT|IS|NULL|ASC|DESC|TRUE|FALSE|I?LIKE|RLIKE)\b|${NUMBER})`;
/** A dot and the part behind it, with space around them; what is no part leaves the dot at the name's end. */
const PART = new RegExp(
  String.raw`\s*\.(?!${NUMBER})(?:${NO_NAME}(?:${QUOTED}|\*|${WORD})|\s+(?:${QUOTED}|${NO_KEYWORD}${WORD}))?`,
  "iuy",
);
const OPERATOR = /[-+/@#%^&|*]+/y;
const CHARACTER = /./suy;

/** Splits a filter or an order_by clause. Never throws: what no rule knows becomes `unknown`. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let unclosed = 0;
  while (at < text.length) {
    const space = match(SPACE, text, at);
    if (space > 0) {
      at += space;
      continue;
    }
    const token = readToken(text, at, unclosed < UNCLOSED_GROUPS);
    if (token.kind === "unknown" && token.text === "(") unclosed += 1;
    tokens.push(token);
    at = token.end;
  }
  return joinOperations(text, tokens);
}

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** Each look for a missing ")" goes to the end of the text; after so many the filter is refused whatever follows. */
const UNCLOSED_GROUPS = 20;

function readToken(text: string, start: number, groups: boolean): Token {
  const make = (kind: TokenKind, length: number): Token => ({
    kind,
    text: text.slice(start, start + length),
    start,
    end: start + length,
  });
  const comment = match(COMMENT, text, start);
  if (comment > 0) return make("unknown", comment);
  const comparator = match(COMPARATOR, text, start);
  if (comparator > 0) return make("comparator", comparator);
  const keyword = match(KEYWORD, text, start);
  if (keyword > 0 && text[start + keyword] !== ".") return make("keyword", keyword);
  const word = match(SQL_WORD, text, start);
  if (word > 0) return make("keyword", word);
  const rules: [TokenKind, RegExp][] = [
    ["unknown", HEXADECIMAL],
    ["float", FLOAT],
    ["integer", INTEGER],
    ["string", STRING],
  ];
  for (const [kind, pattern] of rules) {
    const length = match(pattern, text, start);
    if (length > 0) return make(kind, length);
  }
  const name = match(NAME, text, start);
  if (name > 0) return make("identifier", identifierLength(text, start, name));
  const group = groups && text[start] === "(" ? groupLength(text, start) : 0;
  if (group > 0) return make("list", group);
  if (text[start] === ";") return make("semicolon", 1);
  const operator = match(OPERATOR, text, start);
  return operator > 0 ? make("operation", operator) : make("unknown", match(CHARACTER, text, start));
}

/** `tags.mlflow.note.content` is one identifier: parts go on while dots do. */
function identifierLength(text: string, start: number, first: number): number {
  let length = first;
  for (;;) {
    const part = match(PART, text, start + length);
    if (part === 0) return length;
    length += part;
  }
}

/** Length of a parenthesised group with its strings skipped; 0 when it is not closed. */
function groupLength(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const quoted = match(STRING, text, at) || (text[at] === '"' ? match(NAME, text, at) : 0);
    if (quoted > 0) {
      at += quoted;
      continue;
    }
    if (text[at] === "(") depth += 1;
    if (text[at] === ")") depth -= 1;
    at += 1;
    if (depth === 0) return at - start;
  }
  return 0;
}

const OPERANDS: ReadonlySet<TokenKind> = new Set(["identifier", "integer", "float", "string", "list", "operation"]);

/** `val-loss` without backticks is arithmetic for MLflow's parser: one token that is neither a name nor a value. `grid-2` is a name and a number. */
function joinOperations(text: string, tokens: Token[]): Token[] {
  const joined: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) break;
    const before = joined.at(-1);
    const after = tokens[i + 1];
    if (before && OPERANDS.has(before.kind) && token.kind === "operation" && after && OPERANDS.has(after.kind)) {
      joined[joined.length - 1] = span(text, "operation", before.start, after.end);
      i += 1;
    } else {
      joined.push(token);
    }
  }
  return joined;
}

function span(text: string, kind: TokenKind, start: number, end: number): Token {
  return { kind, text: text.slice(start, end), start, end };
}
