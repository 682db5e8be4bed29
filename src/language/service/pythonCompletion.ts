// Completion in a call of `mlflow.run(…)`: told from the text in front of the cursor, as a call that is being typed has no end.
import type { CompletionItem } from "vscode-languageserver";
import { CompletionItemKind } from "vscode-languageserver";
import type { TextRange } from "../../projects/document.ts";
import { parameterSummary } from "./nodeAt.ts";
import { rangeIn } from "./positions.ts";
import type { RunProject } from "./projectOfRun.ts";
import { projectOfRun } from "./projectOfRun.ts";
import type { PythonQuestion } from "./pythonRuns.ts";

/** Longest call that is looked at. */
const LONGEST = 4000;

const CALL = /\b(?:mlflow(?:\.projects)?|projects|\w+)\.run\s*\(|\brun\s*\(/g;

/** Entry points and parameters where they can stand; none elsewhere. */
export function completePython(question: PythonQuestion, offset: number): CompletionItem[] {
  const { file, isNotebook, folder, workspace } = question;
  if (!isNotebook && !file.text.includes("mlflow")) return [];
  const inside = callBefore(file.text, offset);
  if (inside === undefined) return [];
  const uri = /^\s*(?:uri\s*=\s*)?(["'])([^"'\n]*)\1/.exec(inside) ?? /\buri\s*=\s*(["'])([^"'\n]*)\1/.exec(inside);
  if (uri === null) return [];
  const range = { start: 0, end: 0 };
  const run = {
    range,
    uri: { text: uri[2] ?? "", range },
    isOpen: false,
    hasOtherParameters: false,
    hasHiddenNames: false,
  };
  const project = projectOfRun(run, folder, workspace);
  if (project === undefined) return [];
  const entryPoint = /(?:\bentry_point\s*=\s*|^\s*(["'])[^"'\n]*\1\s*,\s*)(["'])([\w.\-/]*)$/.exec(inside);
  if (entryPoint !== null) return entryPointItems(file, project, wordRange(file.text, offset, entryPoint[3] ?? ""));
  return completeKey(question, offset, inside, project);
}

/** The arguments of the innermost open call of `run`. */
function callBefore(text: string, offset: number): string | undefined {
  const before = text.slice(Math.max(0, offset - LONGEST), offset);
  for (const match of [...before.matchAll(CALL)].toReversed()) {
    const inside = before.slice(match.index + match[0].length);
    if (isOpen(inside)) return inside;
  }
  return undefined;
}

/** Whether no bracket closes the call. */
function isOpen(inside: string): boolean {
  let depth = 0;
  for (const [token] of inside.matchAll(/"""[^]*?"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|#.*|[()[\]{}]/g)) {
    if ("([{".includes(token)) depth += 1;
    else if (")]}".includes(token)) depth -= 1;
    if (depth < 0) return false;
  }
  return true;
}

function wordRange(text: string, offset: number, typed: string): TextRange {
  const following = /^[\w.\-/]*/.exec(text.slice(offset))?.[0] ?? "";
  return { start: offset - typed.length, end: offset + following.length };
}

function entryPointItems(file: PythonQuestion["file"], { document }: RunProject, range: TextRange): CompletionItem[] {
  return document.entryPoints.map(({ name, command }, index) => ({
    label: name,
    kind: CompletionItemKind.Function,
    detail: command?.trim().split("\n", 1)[0] ?? "",
    sortText: String(index).padStart(3, "0"),
    textEdit: { range: rangeIn(file, range), newText: name },
  }));
}

/** A key of `parameters={…}`. */
function completeKey(
  { file }: PythonQuestion,
  offset: number,
  inside: string,
  { document }: RunProject,
): CompletionItem[] {
  const dict = /\bparameters\s*=\s*\{([^]*)$/.exec(inside)?.[1];
  const key = /(?:^|,)\s*(["']?)([\w-]*)$/.exec(dict ?? "}");
  if (dict === undefined || key === null || !isOpen(dict)) return [];
  const name =
    /\bentry_point\s*=\s*(["'])([^"'\n]*)\1/.exec(inside)?.[2] ??
    /^\s*(["'])[^"'\n]*\1\s*,\s*(["'])([^"'\n]*)\2/.exec(inside)?.[3] ??
    "main";
  const [, quote = "", typed = ""] = key;
  const given = [...dict.matchAll(/(?:^|,)\s*(["'])([\w -]+)\1\s*:/g)].map((match) => match[2]);
  const entryPoint = document.entryPoints.find((one) => one.name === name);
  const range = wordRange(file.text, offset, typed);
  const after = /^(["']?)\s*(:?)/.exec(file.text.slice(range.end)) ?? [];
  const isWhole = after[2] === ":" || (quote !== "" && after[1] === quote);
  return (entryPoint?.parameters ?? [])
    .filter((parameter) => !given.includes(parameter.name))
    .map((parameter, index): CompletionItem => {
      const newText = isWhole ? parameter.name : quote === "" ? `"${parameter.name}": ` : `${parameter.name}${quote}: `;
      return {
        label: parameter.name,
        kind: CompletionItemKind.Property,
        detail: parameterSummary(parameter),
        sortText: `${parameter.default === undefined ? 0 : 1}${String(index).padStart(3, "0")}`,
        filterText: quote === "" ? newText : parameter.name,
        ...(parameter.description === undefined ? {} : { documentation: parameter.description }),
        textEdit: { range: rangeIn(file, range), newText },
      };
    });
}
