// fire, absl, hydra and scripts that read `sys.argv` themselves.
import type { Argument, ArgumentProblem } from "./argumentValues.ts";
import { valueProblem } from "./argumentValues.ts";
import type { ScriptInterface } from "./model.ts";

export function checkLoose(script: ScriptInterface, args: readonly Argument[]): ArgumentProblem[] {
  return script.framework === "sys.argv" ? checkArgv(script, args) : [];
}

function checkArgv(script: ScriptInterface, args: readonly Argument[]): ArgumentProblem[] {
  if (args.some(({ splits }) => splits)) return [];
  const problems: ArgumentProblem[] = [];
  for (const [index, option] of script.options.entries()) {
    const argument = args[index];
    if (argument === undefined) {
      if (option.required && !script.open) problems.push({ fault: "missing-option", option });
      continue;
    }
    const problem = valueProblem(option, argument.text);
    if (problem !== undefined) problems.push({ ...problem, at: index });
  }
  if (script.ignoresUnknown || script.open) return problems;
  for (const [index, { text }] of args.entries()) {
    const value = text === undefined ? {} : { value: text };
    if (index >= script.options.length) problems.push({ fault: "needless-argument", at: index, ...value });
  }
  return problems;
}
