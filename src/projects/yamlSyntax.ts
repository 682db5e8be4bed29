// What PyYAML refuses before a tree is made, in words that help.
import type { YAMLError } from "yaml";
import { CST, Lexer } from "yaml";
import type { Problem } from "./document.ts";
import type { YamlLayout } from "./yamlLayout.ts";

/** Characters PyYAML 6 refuses anywhere in a file. */
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u0084\u0086-\u009F\uFFFE\uFFFF]/;

const WORDS: Record<string, string> = {
  ALIAS_PROPS: "an alias takes neither tag nor anchor",
  BAD_ALIAS: "this alias is not complete",
  BAD_DIRECTIVE: "this directive is not known",
  BAD_DQ_ESCAPE: "this escape is not known between double quotes (write `\\\\` for a backslash)",
  BAD_INDENT: "the indentation is wrong here",
  BAD_PROP_ORDER: "anchors and tags stand after the indicator",
  BAD_SCALAR_START: "a text that begins with this character needs quotes",
  BLOCK_AS_IMPLICIT_KEY: "a text that holds `: ` needs quotes",
  BLOCK_IN_FLOW: "a block cannot stand between brackets",
  COMMENT_SPACE: "a comment needs a space before its `#`",
  DUPLICATE_KEY: "this key stands twice",
  IMPOSSIBLE: "this is not YAML",
  KEY_OVER_1024_CHARS: "this key is too long",
  MISSING_CHAR: "something is missing here",
  MULTILINE_IMPLICIT_KEY: "this line has no `:`, or its indentation is wrong",
  MULTIPLE_ANCHORS: "a value has at most one anchor",
  MULTIPLE_DOCS: "it holds a second document after `---`",
  MULTIPLE_TAGS: "a value has at most one tag",
  TAB_AS_INDENT: "YAML indents with spaces, not with tabs",
  TAG_RESOLVE_FAILED: "this tag is not known",
  UNEXPECTED_TOKEN: "this does not belong here",
};

/** Tokens of the lexer that take no place in the file. */
const MARKS: readonly string[] = [CST.DOCUMENT, CST.FLOW_END, CST.SCALAR];

const QUOTED: readonly string[] = ["single-quoted-scalar", "double-quoted-scalar"];
const TEXT_TOKENS: readonly string[] = ["comment", ...QUOTED];

/** The first mistake the parser met, as PyYAML stops at the first. */
export function syntaxProblem({ errors, text, originOf }: YamlLayout): Problem | undefined {
  const [first] = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (first === undefined) return undefined;
  if (first.message.startsWith("Missing closing")) {
    const quote = originOf(openQuote(text, first.pos[0]));
    return problem("this quote is not closed", quote, quote + 1);
  }
  const bracket = /^Flow (?:map|sequence) /.test(first.message) ? openBracket(text, first.pos[0]) : undefined;
  if (bracket !== undefined) return problem("this bracket is not closed", originOf(bracket), originOf(bracket) + 1);
  const start = Math.max(0, Math.min(first.pos[0], text.length - 1));
  const lineEnd = text.indexOf("\n", start) < 0 ? text.length : text.indexOf("\n", start);
  const end = Math.min(Math.max(first.pos[1], start + 1), Math.max(lineEnd, start + 1));
  return problem(wordsFor(first), originOf(start), originOf(end));
}

function wordsFor(error: YAMLError): string {
  const missing = /^Missing (.) /.exec(error.message)?.[1];
  return missing === undefined ? (WORDS[error.code] ?? "this is not YAML") : `a \`${missing}\` is missing here`;
}

/** Where the last quoted text in front of `before` begins: the one that is not closed. */
function openQuote(text: string, before: number): number {
  let offset = 0;
  let last = 0;
  for (const token of new Lexer().lex(text)) {
    if (MARKS.includes(token)) continue;
    if (offset > before) break;
    if (QUOTED.includes(CST.tokenType(token) ?? "")) last = offset;
    offset += token.length;
  }
  return last;
}

/** Where the innermost bracket in front of `before` that is not closed begins. */
function openBracket(text: string, before: number): number | undefined {
  const open: number[] = [];
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    if (MARKS.includes(token)) continue;
    if (offset >= before) break;
    const type = CST.tokenType(token) ?? "";
    if (type === "flow-map-start" || type === "flow-seq-start") open.push(offset);
    if (type === "flow-map-end" || type === "flow-seq-end") open.pop();
    offset += token.length;
  }
  return open.at(-1);
}

/** Characters and tabs that the parser lets pass and PyYAML does not. */
export function textProblem({ text, originOf }: YamlLayout): Problem | undefined {
  const odd = UNPRINTABLE.exec(text);
  if (odd !== null) return problem("it holds a control character", originOf(odd.index), originOf(odd.index) + 1);
  const found = text.includes("\t") ? tabOutsideText(text) : undefined;
  if (found === undefined) return undefined;
  const tab = originOf(found);
  return problem("YAML takes a tab only in a text, use spaces here", tab, tab + 1);
}

/** PyYAML takes a tab only between quotes, in a block text and in a comment. */
function tabOutsideText(text: string): number | undefined {
  let offset = 0;
  let inBlock = false;
  let previous: string | undefined;
  for (const token of new Lexer().lex(text)) {
    const isContent = previous === CST.SCALAR;
    previous = token;
    if (MARKS.includes(token)) continue;
    const type = isContent ? "scalar" : CST.tokenType(token);
    const mayHoldTabs = isContent ? inBlock : TEXT_TOKENS.includes(type ?? "");
    if (!mayHoldTabs && token.includes("\t")) return offset + token.indexOf("\t");
    if (type === "block-scalar-header") inBlock = true;
    else if (isContent) inBlock = false;
    offset += token.length;
  }
  return undefined;
}

function problem(words: string, start: number, end: number): Problem {
  return {
    code: "yaml-syntax",
    severity: "error",
    message: `MLflow cannot read this file: ${words}.`,
    range: { start, end },
  };
}
