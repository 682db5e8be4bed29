// What a shell makes of a command that has several lines, or an end of line behind it.
import type { TextRange } from "./document.ts";
import type { CheckedCommand } from "./checkPlaceholders.ts";
import { shellLines } from "./shellText.ts";
import type { ScalarNode } from "./yamlTree.ts";

export function checkShellLines(checked: CheckedCommand, node: ScalarNode): void {
  if (checked.command.trim() === "") return;
  const isContinued = checkContinuation(checked, node);
  checkFailures(checked, node, isContinued);
  checkEnd(checked, node);
}

/** `|`, `>2+`: what stands in front of a block text. */
function headerOf(node: ScalarNode): { mark: string; indent: string; range: TextRange } | undefined {
  if (node.style !== "literal" && node.style !== "folded") return undefined;
  const [written = "", mark = "", first = "", second = ""] =
    /^([|>])([0-9]?)[+-]?([0-9]?)/.exec(node.scalar.source) ?? [];
  return { mark, indent: first + second, range: { start: node.range.start, end: node.range.start + written.length } };
}

function checkEnd({ command, map, problems }: CheckedCommand, node: ScalarNode): void {
  if (!command.endsWith("\n")) return;
  const header = headerOf(node);
  const message = "Values that are not declared would stand on a line of their own";
  if (header === undefined) {
    problems.hint("command-line-end", `${message}.`, map.rangeOf(command.length - 1, command.length));
    return;
  }
  const newText = `${header.mark}${header.indent}-`;
  problems.hint("command-line-end", `${message}; \`${header.mark}-\` keeps them in the command.`, header.range, [
    { title: `Write ${newText}`, range: header.range, newText },
  ]);
}

const STOPS = /(?:^|[\n;&])\s*(?:set\s+-\w*e|set\s+-o\s+errexit|trap\s.*\bERR\b)/;

/** Several commands, of which only the last one's failure counts. */
function checkFailures({ command, map, problems }: CheckedCommand, node: ScalarNode, isContinued: boolean): void {
  const newLine = command.indexOf("\n");
  if (isContinued || newLine < 0 || newLine === command.length - 1) return;
  const lines = shellLines(command).filter(({ text }) => !/^\s*(?:\w+=\S*|export\s.*)$/.test(text));
  const [first] = lines;
  if (first === undefined || lines.length < 2 || STOPS.test(command)) return;
  const header = headerOf(node);
  const message = "Only the last line's failure fails the run; `set -e` stops at the first line that fails.";
  const range = header?.range ?? map.rangeOf(first.start, first.end);
  const at = map.offsetAt(/^\s*/.exec(command)?.[0].length ?? 0);
  const body = node.scalar.source.indexOf("\n") + 1;
  const indent = /^[ \t]*/.exec(node.scalar.source.slice(body))?.[0] ?? "";
  const fix = { title: "Begin with set -e", range: { start: at, end: at }, newText: `set -e\n${indent}` };
  problems.hint("command-goes-on", message, range, header?.mark === "|" ? [fix] : []);
}

/** Reports the first line that is meant to continue the one above it, and does not. */
function checkContinuation({ command, map, problems }: CheckedCommand, node: ScalarNode): boolean {
  const match = /[^\s\\|&]([ \t]*)\n[ \t]*(--?[A-Za-z][\w-]*)/.exec(command);
  if (match === null) return false;
  const [all, , flag = ""] = match;
  const lineEnd = match.index + 1;
  const at = match.index + all.length - flag.length;
  const reason =
    node.style === "folded"
      ? "`>` keeps the line end in front of a line that is indented more"
      : "the line above needs a `\\` at its end";
  const end = map.rangeOf(match.index, lineEnd).end;
  const fix = { title: "Continue the line above with \\", range: { start: end, end }, newText: " \\" };
  problems.warning(
    "line-starts-with-flag",
    `The shell takes \`${flag}\` for a program of its own; ${reason}.`,
    map.rangeOf(at, at + flag.length),
    [fix],
  );
  return true;
}
