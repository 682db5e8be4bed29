// What goes wrong when a command is filled in and handed to the shell (mlflow 3.17.2: `str.format`, then `bash -c`).
import type { CheckedCommand } from "./checkPlaceholders.ts";
import { checkFilledIn, checkUnused } from "./checkPlaceholders.ts";
import { checkShellLines } from "./checkShellLines.ts";
import { checkShellSyntax } from "./checkShellSyntax.ts";
import { sourceMap } from "./commandSource.ts";
import type { EntryPoint, ProblemFix } from "./document.ts";
import type { FormatField } from "./formatString.ts";
import { allFields, parseFormat } from "./formatString.ts";
import { fieldMistake } from "./formatValue.ts";
import type { Problems } from "./problems.ts";
import { nearest } from "./spelling.ts";
import type { ScalarNode } from "./yamlTree.ts";

/** Names that a misspelt one is compared with; no entry point has so many. */
const MOST_COMPARED = 100;

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
  const checked = { entryPoint, command, map, problems };
  const fields = allFields(parts);
  checkFilledIn(
    checked,
    fields.filter((field) => checkField(checked, field)),
  );
  if (mistakes.length === 0) checkUnused(checked, new Set(fields.map((field) => field.name)));
  checkShellLines(checked, node);
  if (mistakes.length === 0) checkShellSyntax(checked);
}

/** Reports what makes a field fail; true when it does not. */
function checkField(checked: CheckedCommand, field: FormatField): boolean {
  const { entryPoint, command, map, problems } = checked;
  const written = command.slice(field.start, field.end);
  const range = map.rangeOf(field.start, field.end);
  const doubled = { title: `Write {${written}} for literal braces`, range, newText: `{${written}}` };
  const mistake = fieldMistake(field);
  if (mistake === "positional") {
    const message = `Running ${entryPoint.name} fails: \`${written}\` names no parameter; literal braces are written twice.`;
    problems.error("positional-placeholder", message, range, [doubled]);
  } else if (entryPoint.parameters.every((parameter) => parameter.name !== field.name)) {
    reportUndefined(checked, field, doubled);
  } else if (mistake !== undefined) {
    const message = `Running ${entryPoint.name} fails: the value of ${field.name} is a text, which cannot be used as \`${written}\`.`;
    const plain = { title: `Write {${field.name}}`, range, newText: `{${field.name}}` };
    problems.error("placeholder-format", message, range, [plain]);
  } else {
    return true;
  }
  return false;
}

function reportUndefined(checked: CheckedCommand, field: FormatField, doubled: ProblemFix): void {
  const { entryPoint, command, map, problems } = checked;
  const names = entryPoint.parameters.map((parameter) => parameter.name);
  const range = map.rangeOf(field.start, field.end);
  const written = command.slice(field.start, field.end);
  if (command[field.start - 1] === "$") {
    const whole = map.rangeOf(field.start - 1, field.end);
    const message = `Running ${entryPoint.name} fails: MLflow takes \`$${written}\` for a parameter; a shell variable is written \`$\{${written}}\`.`;
    problems.error("shell-variable", message, whole, [{ ...doubled, title: `Write $\{${written}}` }]);
    return;
  }
  const meant = names.includes(field.name.trim())
    ? field.name.trim()
    : nearest(field.name, names.slice(0, MOST_COMPARED));
  const nameRange = map.rangeOf(field.nameStart, field.nameEnd);
  const change = meant === undefined ? [] : [{ title: `Change to ${meant}`, range: nameRange, newText: meant }];
  const hint = meant === undefined ? "" : `; \`${meant}\` is one`;
  const message = `Running ${entryPoint.name} fails: \`${field.name}\` is not one of its parameters${hint}.`;
  problems.error("undefined-placeholder", message, range, [...change, doubled]);
}
