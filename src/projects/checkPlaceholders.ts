// Placeholders that are filled in, though hardly as they were meant (mlflow 3.17.2 quotes every value before it fills it in).
import type { SourceMap } from "./commandSource.ts";
import type { EntryPoint, Parameter } from "./document.ts";
import type { FormatField } from "./formatString.ts";
import type { Problems } from "./problems.ts";
import { quotedStretches } from "./shellText.ts";

/** What the checks of one command look at. */
export interface CheckedCommand {
  entryPoint: EntryPoint;
  command: string;
  map: SourceMap;
  problems: Problems;
}

/** Checks the fields that name a parameter. */
export function checkFilledIn(checked: CheckedCommand, fields: readonly FormatField[]): void {
  const quoted = quotedStretches(checked.command);
  let at = 0;
  for (const field of fields.toSorted((a, b) => a.start - b.start)) {
    while ((quoted[at]?.end ?? Infinity) <= field.start) at += 1;
    const around = quoted[at];
    if (around !== undefined && around.start < field.start) checkQuotes(checked, field, around);
    checkDollar(checked, field);
    checkFormat(checked, field);
  }
}

/** MLflow quotes values itself, so that quotes around a placeholder undo its own. */
function checkQuotes(
  { entryPoint, command, map, problems }: CheckedCommand,
  field: FormatField,
  { quote, start, end }: { quote: string; start: number; end: number },
): void {
  const isWhole = start === field.start - 1 && end === field.end + 1;
  // What stands between double quotes with other words is a command for another shell, which takes MLflow's quotes away.
  if (!isWhole && quote === '"' && /\s/.test(command.slice(start, end))) return;
  const value = entryPoint.parameters.find((parameter) => parameter.name === field.name)?.default;
  const breaks = value !== undefined && !/^[\w@%+=:,./-]+$/.test(value);
  const message = breaks
    ? `The quotes around \`{${field.name}}\` break its default, since MLflow quotes values itself.`
    : `MLflow quotes values itself; these quotes break a value of ${field.name} that holds a space.`;
  const range = isWhole ? map.rangeOf(start, end) : map.rangeOf(field.start, field.end);
  const bare = command.slice(start + 1, end - 1);
  const canGo = /^[\w{}=.,:/-]*$/.test(bare) && command[end - 1] === quote;
  const whole = { title: "Remove the quotes", range: map.rangeOf(start, end), newText: bare };
  problems.add(breaks ? "warning" : "hint", "quoted-placeholder", message, range, canGo ? [whole] : []);
}

function checkDollar({ command, map, problems }: CheckedCommand, field: FormatField): void {
  if (command[field.start - 1] !== "$" || /[\\$]/.test(command.charAt(field.start - 2))) return;
  const range = map.rangeOf(field.start - 1, field.end);
  const message = `The shell takes the \`$\` and the value of ${field.name} behind it for a variable; MLflow needs no \`$\`.`;
  const newText = command.slice(field.start, field.end);
  problems.warning("shell-variable", message, range, [{ title: `Write ${newText}`, range, newText }]);
}

function checkFormat({ command, map, problems }: CheckedCommand, field: FormatField): void {
  const written = command.slice(field.start, field.end);
  const range = map.rangeOf(field.start, field.end);
  const fixes = [{ title: `Write {${field.name}}`, range, newText: `{${field.name}}` }];
  if (field.access !== "" || /\.[0-9]+s?$/.test(field.spec)) {
    const message = `\`${written}\` takes but a part of the value of ${field.name}, which MLflow puts in as a quoted text.`;
    problems.warning("placeholder-cut", message, range, fixes);
  } else if (field.conversion === "r" || field.conversion === "a") {
    const message = `\`${written}\` puts quotes around a value of ${field.name} that MLflow has quoted already.`;
    problems.hint("placeholder-form", message, range, fixes);
  } else if (field.spec !== "" && field.spec !== "s") {
    const message = `\`${written}\` fills the quoted value of ${field.name} up to a width, which no program sees as meant.`;
    problems.hint("placeholder-form", message, range, fixes);
  }
}

/** Parameters that no placeholder names, and those meant by what is none. */
export function checkUnused({ entryPoint, command, map, problems }: CheckedCommand, used: ReadonlySet<string>): void {
  for (const parameter of entryPoint.parameters) {
    const { name } = parameter;
    const doubled = findDoubled(command, parameter, used.has(name));
    if (doubled !== undefined) {
      const message = `The command gets the text \`{${name}}\`, not the value of ${name}: braces written twice are literal.`;
      const range = map.rangeOf(doubled.start, doubled.end);
      const fix = { title: `Write {${name}}`, range, newText: `{${name}}` };
      problems.warning("doubled-braces", message, range, [fix]);
    }
    if (used.has(name) || doubled !== undefined) continue;
    const variable = new RegExp(`\\$${escaped(name)}(?![\\w{])`).exec(command);
    if (variable !== null && /^[A-Za-z_]\w*$/.test(name) && !isAssigned(command, name)) {
      const range = map.rangeOf(variable.index, variable.index + variable[0].length);
      const message = `The shell takes \`$${name}\` for a variable of its own; the value of ${name} is written \`{${name}}\`.`;
      problems.warning("shell-parameter", message, range, [{ title: `Write {${name}}`, range, newText: `{${name}}` }]);
      continue;
    }
    const message = `The command of ${entryPoint.name} does not use ${name}; its value is only logged.`;
    problems.hint("unused-parameter", message, parameter.nameRange);
  }
}

/** `{{name}}`, which Jinja and the like would fill in; behind a `$` it is a shell variable. */
function findDoubled(
  command: string,
  { name }: Parameter,
  isUsed: boolean,
): { start: number; end: number } | undefined {
  if (!command.includes("{{") || !command.includes(name)) return undefined;
  const found = new RegExp(`(?<![{$])\\{\\{\\s*${escaped(name)}\\s*\\}\\}(?!\\})`).exec(command);
  if (found === null) return undefined;
  const { index } = found;
  // Code between quotes, such as `f"{{name}}"`, has braces of its own.
  if (isUsed && quotedStretches(command).some(({ start, end }) => start < index && index < end)) return undefined;
  return { start: index, end: index + found[0].length };
}

/** `name=…`, `for name in`, `read name`: the command makes such a variable itself. */
function isAssigned(command: string, name: string): boolean {
  return new RegExp(`(?:^|[\\s;&|(])(?:${name}=|for\\s+${name}\\b|read\\s(?:[^;\\n]*\\s)?${name}\\b)`).test(command);
}

/** Text as a regular expression that matches it. */
export function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
