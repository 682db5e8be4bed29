// An option of a script in words.
import type { ScriptInterface, ScriptOption } from "../python/model.ts";
import { isPositional, shownName } from "../python/model.ts";

/** `float, default 0.5`, `int, required`, `switch`. */
export function optionSummary(option: ScriptOption): string {
  const words: string[] = [];
  if (option.most === 0) words.push("switch");
  else if (option.choices !== undefined && option.choices.length > 0) words.push(option.choices.join(" | "));
  else words.push(TYPE_WORDS[option.type ?? "text"]);
  if (option.most > 1) words.push(option.least === option.most ? `${option.most} values` : "several values");
  if (option.required) words.push("required");
  else if (option.default !== undefined && option.most > 0) words.push(`default ${option.default || "''"}`);
  return words.join(", ");
}

const TYPE_WORDS = { int: "int", float: "float", text: "text", truth: "bool", switch: "true or false" } as const;

/** `--alpha FLOAT`, `[--verbose]`, `DATA`: how an option stands in a signature. */
export function optionUsage(option: ScriptOption): string {
  const value = isPositional(option) ? option.name : option.name.toUpperCase();
  const many = option.most > 1 ? " …" : "";
  const usage = isPositional(option)
    ? value + many
    : option.most === 0
      ? shownName(option)
      : option.flags[0]?.endsWith("=") === true
        ? `${option.name}=…`
        : `${shownName(option)} ${value}${many}`;
  return option.required ? usage : `[${usage}]`;
}

/** The options a person would give: without help and what only may be there. */
export function usualOptions(script: ScriptInterface): ScriptOption[] {
  return script.options.filter(
    (option) => !(option.most === 0 && /^(?:help|version)$/.test(option.name)) && !isOwnOfFramework(option),
  );
}

function isOwnOfFramework(option: ScriptOption): boolean {
  return option.uncertain && option.help === "";
}
