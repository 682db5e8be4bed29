// What goes wrong when a command is filled in and handed to the shell (mlflow 3.17.2: `str.format`, then `bash -c`).
import type { SourceMap } from "./commandSource.ts";
import { sourceMap } from "./commandSource.ts";
import type { EntryPoint, ProblemFix, TextRange } from "./document.ts";
import type { FormatField } from "./formatString.ts";
import { allFields, parseFormat } from "./formatString.ts";
import { fieldMistake } from "./formatValue.ts";
import type { Problems } from "./problems.ts";
import { nearest } from "./spelling.ts";
import type { ScalarNode } from "./yamlTree.ts";

/** Checks the command of `entryPoint`, whose parameters are read already. */
export function checkCommand(entryPoint: EntryPoint, node: ScalarNode, problems: Problems): void {
  const command = node.scalar.text;
  const map = sourceMap(node);
  if (command.trim() === "") {
    problems.warning(
      "command-empty",
      `Running ${entryPoint.name} would do nothing, since its command is empty.`,
      node.range,
    );
  }
  const { parts, mistakes } = parseFormat(command);
  for (const mistake of mistakes) {
    const range = map.rangeOf(mistake.at, mistake.at + 1);
    const brace = command.charAt(mistake.at);
    const message = `Running ${entryPoint.name} fails on a lone \`${brace}\`; a literal brace is written twice, \`${brace}${brace}\`.`;
    problems.error("lone-brace", message, range, [
      { title: `Write ${brace}${brace} for a literal brace`, range, newText: brace + brace },
    ]);
  }
  const fields = allFields(parts);
  for (const field of fields) checkField(entryPoint, command, field, map, problems);
  if (mistakes.length === 0) checkUnused(entryPoint, fields, problems);
  checkLines(command, node, map, problems);
}

function checkField(
  entryPoint: EntryPoint,
  command: string,
  field: FormatField,
  map: SourceMap,
  problems: Problems,
): void {
  const written = command.slice(field.start, field.end);
  const range = map.rangeOf(field.start, field.end);
  const doubled = { title: `Write {${written}} for literal braces`, range, newText: `{${written}}` };
  const mistake = fieldMistake(field);
  if (mistake === "positional") {
    const message = `Running ${entryPoint.name} fails: \`${written}\` names no parameter; literal braces are written twice.`;
    problems.error("positional-placeholder", message, range, [doubled]);
    return;
  }
  const names = entryPoint.parameters.map((parameter) => parameter.name);
  if (!names.includes(field.name)) {
    reportUndefined(entryPoint, command, field, names, map, problems, doubled);
  } else if (mistake !== undefined) {
    const message = `Running ${entryPoint.name} fails: the value of ${field.name} is a text, which cannot be used as \`${written}\`.`;
    const plain = { title: `Write {${field.name}}`, range, newText: `{${field.name}}` };
    problems.error("placeholder-format", message, range, [plain]);
  } else {
    checkQuotes(entryPoint, command, field, map, problems);
  }
}

function reportUndefined(
  entryPoint: EntryPoint,
  command: string,
  field: FormatField,
  names: readonly string[],
  map: SourceMap,
  problems: Problems,
  doubled: ProblemFix,
): void {
  const range = map.rangeOf(field.start, field.end);
  const written = command.slice(field.start, field.end);
  if (command[field.start - 1] === "$") {
    const whole = map.rangeOf(field.start - 1, field.end);
    const message = `Running ${entryPoint.name} fails: MLflow takes \`$${written}\` for a parameter; a shell variable is written \`$\{${written}}\`.`;
    problems.error("shell-variable", message, whole, [{ ...doubled, title: `Write $\{${written}}` }]);
    return;
  }
  const meant = names.includes(field.name.trim()) ? field.name.trim() : nearest(field.name, names);
  const nameRange = map.rangeOf(field.nameStart, field.nameEnd);
  const change = meant === undefined ? [] : [{ title: `Change to ${meant}`, range: nameRange, newText: meant }];
  const hint = meant === undefined ? "" : `; \`${meant}\` is one`;
  const message = `Running ${entryPoint.name} fails: \`${field.name}\` is not one of its parameters${hint}.`;
  problems.error("undefined-placeholder", message, range, [...change, doubled]);
}

function checkQuotes(
  entryPoint: EntryPoint,
  command: string,
  field: FormatField,
  map: SourceMap,
  problems: Problems,
): void {
  const before = command[field.start - 1];
  if ((before !== "'" && before !== '"') || command[field.end] !== before) return;
  // MLflow quotes values itself, so that quotes around a placeholder undo its own.
  const value = entryPoint.parameters.find((parameter) => parameter.name === field.name)?.default;
  const breaks = value !== undefined && !/^[\w@%+=:,./-]+$/.test(value);
  const message = breaks
    ? `The quotes around \`{${field.name}}\` break its default, since MLflow quotes values itself.`
    : `MLflow quotes values itself; these quotes break a value of ${field.name} that holds a space.`;
  const range = map.rangeOf(field.start - 1, field.end + 1);
  const fix = { title: "Remove the quotes", range, newText: command.slice(field.start, field.end) };
  problems.add(breaks ? "warning" : "hint", "quoted-placeholder", message, range, [fix]);
}

function checkUnused(entryPoint: EntryPoint, fields: readonly FormatField[], problems: Problems): void {
  const used = new Set(fields.map((field) => field.name));
  for (const parameter of entryPoint.parameters) {
    if (used.has(parameter.name)) continue;
    const message = `The command of ${entryPoint.name} does not use ${parameter.name}; its value is only logged.`;
    problems.hint("unused-parameter", message, parameter.nameRange);
  }
}

function checkLines(command: string, node: ScalarNode, map: SourceMap, problems: Problems): void {
  checkContinuation(command, node, map, problems);
  const isBlock = node.style === "literal" || node.style === "folded";
  if (!command.endsWith("\n") || !isBlock || command.trim() === "") return;
  const [written = "", mark = "", first = "", second = ""] =
    /^([|>])([0-9]?)\+?([0-9]?)/.exec(node.scalar.source) ?? [];
  const header: TextRange = { start: node.range.start, end: node.range.start + written.length };
  const message = `Values that are not declared would stand on a line of their own; \`${mark}-\` keeps them in the command.`;
  const newText = `${mark}${first}${second}-`;
  problems.hint("command-line-end", message, header, [{ title: `Write ${newText}`, range: header, newText }]);
}

/** Reports the first line that is meant to continue the one above it, and does not. */
function checkContinuation(command: string, node: ScalarNode, map: SourceMap, problems: Problems): void {
  const match = /[^\s\\|&]([ \t]*)\n[ \t]*(--?[A-Za-z][\w-]*)/.exec(command);
  if (match === null) return;
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
}
