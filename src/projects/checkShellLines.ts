// What a shell makes of a command that has several lines, or an end of line behind it.
import type { TextRange } from "./document.ts";
import type { CheckedCommand } from "./checkPlaceholders.ts";
import { joinedStretches, quotedStretches, shellLines } from "./shellText.ts";
import type { ScalarNode } from "./yamlTree.ts";

export function checkShellLines(checked: CheckedCommand, node: ScalarNode): void {
  if (checked.command.trim() === "") return;
  checkBeginning(checked);
  checkBackslashes(checked, node);
  checkComments(checked, node);
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

/** A command without the program in front of its flags. */
function checkBeginning({ command, map, problems }: CheckedCommand): void {
  const [all, flag = ""] = /^\s*(--?[A-Za-z][\w-]*)(?=[\s=]|$)/.exec(command) ?? [];
  if (all === undefined) return;
  const message = `The shell takes \`${flag}\` for a program; the command begins without one.`;
  problems.warning("line-starts-with-flag", message, map.rangeOf(all.length - flag.length, all.length));
}

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

/** A backslash continues a line only where the line end follows it at once, and `>` leaves no line end to be continued. */
function checkBackslashes({ command, map, problems }: CheckedCommand, node: ScalarNode): void {
  for (const { 0: found, index } of command.matchAll(/(?<!\\)(?:\\\\)*\\[ \t]+(?=\S|\n)/g)) {
    const start = index + found.indexOf("\\");
    const range = map.rangeOf(start, index + found.length);
    if (command[index + found.length] === "\n") {
      const message =
        "The blank behind `\\` keeps it from continuing the line, so that the next one is a command of its own.";
      const fix = { title: "Remove the blank", range, newText: "\\" };
      problems.warning("backslash-blank", message, range, [fix]);
    } else if (node.style !== "double" && sourceOf(node, range).includes("\n")) {
      const place = map.rangeOf(start, start + 1);
      const message =
        "YAML joins these lines itself: the shell takes the `\\` and the blank behind it for a part of the next word.";
      problems.warning("folded-backslash", message, place, [{ title: "Remove the \\", range: place, newText: "" }]);
    }
  }
}

/** In lines that YAML joins, a comment of the shell takes the following lines in. */
function checkComments({ command, map, problems }: CheckedCommand, node: ScalarNode): void {
  if (node.style === "literal" || !command.includes("#")) return;
  const quoted = quotedStretches(command);
  for (const { index } of command.matchAll(/(?<=^|[\s;])#/g)) {
    if (quoted.some(({ start, end }) => start < index && index < end)) continue;
    const lineEnd = command.indexOf("\n", index);
    const end = lineEnd < 0 ? command.length : lineEnd;
    const source = sourceOf(node, map.rangeOf(index, end));
    if (!source.includes("\n") || source.slice(source.indexOf("\n")).trim() === "") continue;
    const message = "YAML joins these lines, so that the shell takes all that follows this `#` for a comment.";
    problems.warning("folded-comment", message, map.rangeOf(index, index + 1));
    return;
  }
}

function sourceOf(node: ScalarNode, { start, end }: TextRange): string {
  return node.scalar.source.slice(start - node.range.start, end - node.range.start);
}

/** A line behind one that does not go on; what a bracket closes is a pattern of `case`. */
const CONTINUING = /[^\s\\|&]([ \t]*)\n[ \t]*(--?[A-Za-z][\w-]*(?![^\n()]*\))|&&|\|\|?)/g;

/** Reports the first line that is meant to continue the one above it, and does not. */
function checkContinuation({ command, map, problems }: CheckedCommand, node: ScalarNode): boolean {
  const joined = joinedStretches(command);
  let at = 0;
  const match = [...command.matchAll(CONTINUING)].find(({ 0: all, index }) => {
    while ((joined[at]?.end ?? Infinity) <= index + 1) at += 1;
    return (joined[at]?.start ?? Infinity) > index + all.indexOf("\n");
  });
  if (match === undefined) return false;
  const [all, , flag = ""] = match;
  const lineEnd = match.index + 1;
  const flagAt = match.index + all.length - flag.length;
  const reason =
    node.style === "folded"
      ? "`>` keeps the line end in front of a line that is indented more"
      : "the line above needs a `\\` at its end";
  const end = map.rangeOf(match.index, lineEnd).end;
  const fix = { title: "Continue the line above with \\", range: { start: end, end }, newText: " \\" };
  const isFlag = flag.startsWith("-");
  problems.add(
    isFlag ? "warning" : "error",
    isFlag ? "line-starts-with-flag" : "line-starts-with-operator",
    `The shell takes ${isFlag ? `\`${flag}\` for a program of its own` : `no line that begins with \`${flag}\``}; ${reason}.`,
    map.rangeOf(flagAt, flagAt + flag.length),
    [fix],
  );
  return true;
}
