import type { StepFailure, StepLog } from "../../protocol/panels/workflow.ts";

// The end of what a step printed, and what its last traceback says. No vscode: tested as tables.

const MOST_LINES = 40;
const LONGEST_LINE = 400;
/** Parts of an environment, not of a person's project. */
const ELSEWHERE = /(?:^|[\\/])(?:site-packages|dist-packages|lib[\\/]python[\d.]+)[\\/]|^<.*>$/;

/** What colours a terminal; the escape character before each. */
const COLOURS = new RegExp(`${String.fromCodePoint(27)}\\[[0-9;?]*[A-Za-z]`, "g");

/** `text` is the end of the output; `isCut`: something came before it. */
export function stepLogOf(text: string, isCut: boolean): StepLog {
  // Terminal colours and the returns of progress bars are not for reading.
  const plain = text.replace(COLOURS, "").replaceAll("\r\n", "\n");
  const all = plain.split("\n").map((line) => line.split("\r").findLast((part) => part !== "") ?? "");
  while (all.at(-1)?.trim() === "") all.pop();
  const failure = failureIn(all);
  const first = Math.max(0, all.length - MOST_LINES);
  const lines = all.slice(first).map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line));
  const log = { lines, isCut: isCut || first > 0 };
  return failure === undefined ? log : { ...log, failure: { ...failure, at: failure.at - first } };
}

/** The last traceback of Python: its error, and the last place in it that is the project's own. */
function failureIn(lines: readonly string[]): StepFailure | undefined {
  const start = lines.findLastIndex((line) => line.trimStart().startsWith("Traceback (most recent call last)"));
  if (start < 0) return undefined;
  const indent = (lines[start] ?? "").length - (lines[start] ?? "").trimStart().length;
  const at = lines.findIndex((line, i) => i > start && line.trim() !== "" && !/^\s/.test(line.slice(indent)));
  const error = lines[at]?.trim();
  if (error === undefined) return undefined;
  const places = lines.slice(start, at).flatMap((line) => {
    const found = /^\s*File "(?<file>.+)", line (?<line>\d+)/.exec(line)?.groups;
    return found?.["file"] === undefined ? [] : [{ file: found["file"], line: Number(found["line"]) }];
  });
  const own = places.findLast(({ file }) => !ELSEWHERE.test(file)) ?? places.at(-1);
  return { error, at, ...own };
}
