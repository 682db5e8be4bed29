import type { Root, RootContent } from "hast";

// Colours of code. The grammars are loaded when the first text that has one is shown.

/** A part of a line. */
export interface Piece {
  text: string;
  /** What it is, such as `string`; absent: nothing of its own. */
  kind?: string;
}

/** Lines of one language, cut into pieces. */
export type Highlighter = (lines: string[], language: string) => Piece[][];

const LANGUAGES: Record<string, string> = {
  py: "python",
  json: "json",
  yaml: "yaml",
  yml: "yaml",
  toml: "ini",
  ini: "ini",
  cfg: "ini",
  sh: "bash",
  bash: "bash",
  js: "javascript",
  ts: "typescript",
  sql: "sql",
  r: "r",
  md: "markdown",
  html: "xml",
  xml: "xml",
  svg: "xml",
  css: "css",
  java: "java",
  cpp: "cpp",
  c: "c",
  go: "go",
  rs: "rust",
  lua: "lua",
  diff: "diff",
  patch: "diff",
};

/** The grammar of a file, by its name; undefined: it is shown plain. */
export function languageOf(name: string): string | undefined {
  if (name === "MLmodel" || name === "MLproject") return "yaml";
  if (name === "Makefile") return "makefile";
  return LANGUAGES[/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ""];
}

export async function loadHighlighter(): Promise<Highlighter> {
  const { lowlight } = await import("./grammars.ts");
  return (lines, language) => piecesOf(lowlight.highlight(language, lines.join("\n")));
}

/** The tree of a highlighted text as lines of pieces; a piece that goes over a line end is cut there. */
export function piecesOf(root: Root): Piece[][] {
  const lines: Piece[][] = [[]];
  const add = (text: string, kind: string | undefined) => {
    for (const [i, part] of text.split("\n").entries()) {
      if (i > 0) lines.push([]);
      if (part !== "") lines.at(-1)?.push(kind === undefined ? { text: part } : { text: part, kind });
    }
  };
  const walk = (nodes: RootContent[], kind: string | undefined) => {
    for (const node of nodes) {
      if (node.type === "text") add(node.value, kind);
      if (node.type === "element") walk(node.children, kindOf(node.properties["className"]) ?? kind);
    }
  };
  walk(root.children, undefined);
  return lines;
}

/** `hljs-string` is `string`; of several names the first counts. */
function kindOf(names: unknown): string | undefined {
  const [name]: unknown[] = Array.isArray(names) ? names : [];
  const kind = typeof name === "string" ? name.replace(/^hljs-/, "").replace(/_$/, "") : undefined;
  return kind !== undefined && KINDS.has(kind) ? kind : undefined;
}

const KINDS = new Set(
  "string number literal keyword comment attr title type built_in variable meta symbol tag name attribute section addition deletion".split(
    " ",
  ),
);
