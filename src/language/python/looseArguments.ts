// absl, hydra and scripts that read `sys.argv` themselves.
import type { Argument, ArgumentProblem } from "./argumentValues.ts";
import { flagsOf, valueProblem } from "./argumentValues.ts";
import type { ScriptInterface, ScriptOption } from "./model.ts";

/** A script that reads `sys.argv` itself. */
export function checkArgv(script: ScriptInterface, args: readonly Argument[]): ArgumentProblem[] {
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

/** absl: one dash is as good as two, values may begin with one. */
export function checkAbsl(script: ScriptInterface, args: readonly Argument[]): ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  const seen = new Set<ScriptOption>();
  let isLoose = script.open;
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index];
    const text = argument?.text ?? argument?.start ?? "";
    if (argument === undefined || argument.text === "--") break;
    isLoose ||= argument.splits;
    if (argument.splits || !/^--?[^-]/.test(text)) continue;
    const [word = ""] = text.split("=", 1);
    const equals = text.includes("=");
    if (!equals && argument.text === undefined) continue;
    const flag = word.replace(/^--?/, "--");
    const option = script.options.find((one) => one.flags.includes(flag) || one.offFlags.includes(flag));
    if (option === undefined) {
      if (!script.open) problems.push({ fault: "unknown-option", at: index, word, known: flagsOf(script) });
      continue;
    }
    // Their help ends the program.
    if (option.name.startsWith("help") && option.uncertain) return [];
    seen.add(option);
    if (option.most === 0 || option.uncertain) {
      if (equals && option.offFlags.includes(flag)) problems.push({ fault: "needless-value", at: index, option });
      else if (equals && option.most === 0) problems.push(...switchValue(option, argument, index));
      continue;
    }
    const at = equals ? index : index + 1;
    const value = equals ? argument.text?.slice(word.length + 1) : args[at]?.text;
    if (!equals && args[at] === undefined) problems.push({ fault: "missing-value", at: index, option, word });
    const problem = valueProblem(option, value);
    if (problem !== undefined) problems.push({ ...problem, at });
    index = at;
  }
  if (isLoose) return problems;
  const missing = script.options.filter((option) => option.required && !option.uncertain && !seen.has(option));
  return [...problems, ...missing.map((option) => ({ fault: "missing-option" as const, option }))];
}

function switchValue(option: ScriptOption, { text }: Argument, at: number): ArgumentProblem[] {
  const value = text?.slice(text.indexOf("=") + 1);
  if (value === undefined || /^(?:true|t|1|false|f|0)$/i.test(value)) return [];
  return [{ fault: "wrong-type", at, option: { ...option, type: "switch" }, value }];
}

/** hydra: `key=value` changes what the configuration holds, `+key=value` adds to it. */
export function checkHydra(script: ScriptInterface, args: readonly Argument[]): ArgumentProblem[] {
  if (script.open || args.some(({ text, start }) => /^--?c/.test(text ?? start))) return [];
  const keys = script.options.map(({ name }) => name);
  const chosen = new Set(
    args.map(({ text, start }) => (text ?? start).replace(/^\+*([^=@]*)[^]*$/, "$1").replaceAll("/", ".")),
  );
  return args.flatMap((argument, at): ArgumentProblem[] => {
    const text = argument.text ?? argument.start;
    if (argument.splits || text === "" || /^[-+~]/.test(text)) return [];
    const key = /^([\w./-]+)=/.exec(text)?.[1];
    if (key === undefined) {
      const isWord = argument.text !== undefined && /^[\w./-]+$/.test(text);
      return isWord ? [{ fault: "needless-argument", at, value: text }] : [];
    }
    if (/^hydra(?:[./]|$)/.test(key) || keys.includes(key) || keys.some((one) => one.startsWith(`${key}.`))) return [];
    // Below a list, and where another file is chosen, anything may stand.
    const isBelow = script.options.some(
      (option) =>
        key.startsWith(`${option.name}.`) && (option.uncertain || (option.remainder && chosen.has(option.name))),
    );
    return isBelow ? [] : [{ fault: "unknown-option", at, word: key, known: keys }];
  });
}
