// Words of a command line, and whether a value suits an option.
import type { ScriptInterface, ScriptOption } from "./model.ts";

/** One word of the command line. */
export interface Argument {
  /** Undefined: a value is only given when the project runs. */
  text?: string;
  /** What is known of its beginning: `--lr=`. */
  start: string;
  /** The shell may make none or several of it. */
  splits: boolean;
}

export const ARGUMENT_FAULTS = [
  "unknown-option",
  "ambiguous-option",
  "missing-option",
  "missing-value",
  "needless-value",
  "needless-argument",
  "wrong-type",
  "wrong-choice",
  "out-of-range",
  "always-true",
  "exclusive",
  "unknown-command",
  "missing-command",
] as const;
export type ArgumentFault = (typeof ARGUMENT_FAULTS)[number];

export interface ArgumentProblem {
  fault: ArgumentFault;
  /** Index of the word; absent for what is missing. */
  at?: number;
  option?: ScriptOption;
  /** The word, without what stands behind its `=`. */
  word?: string;
  /** The value that does not suit. */
  value?: string;
  /** What is taken instead. */
  known?: string[];
}

const INT = /^\s*[-+]?[0-9](?:_?[0-9])*\s*$/;
const FLOAT =
  /^\s*[-+]?(?:(?:[0-9](?:_?[0-9])*)?\.?[0-9](?:_?[0-9])*\.?(?:e[-+]?[0-9](?:_?[0-9])*)?|inf(?:inity)?|nan)\s*$/i;
/** Versions of click differ in the empty one. */
const SWITCH = /^\s*(?:|1|0|true|false|t|f|yes|no|y|n|on|off)\s*$/i;
/** Texts that mean false to a person, and true to Python's `bool()`. */
const MEANS_FALSE = /^\s*(?:false|0|no|n|f|off|none)\s*$/i;

/** What is wrong with `value` for `option`. */
export function valueProblem(option: ScriptOption, value: string | undefined): ArgumentProblem | undefined {
  if (value === undefined || option.uncertain) return undefined;
  const problem = (fault: ArgumentFault): ArgumentProblem => ({ fault, option, value });
  if (option.type === "int" && !INT.test(value)) return problem("wrong-type");
  if (option.type === "float" && !FLOAT.test(value)) return problem("wrong-type");
  if (option.type === "switch" && !SWITCH.test(value)) return problem("wrong-type");
  if (option.choices !== undefined && !option.choices.some((choice) => isSame(option, choice, value))) {
    return { ...problem("wrong-choice"), known: option.choices };
  }
  if (option.type === "truth" && MEANS_FALSE.test(value)) return problem("always-true");
  const number = Number(value.trim().replaceAll("_", ""));
  if (option.type !== "int" && option.type !== "float") return undefined;
  const isOutside = number < (option.minimum ?? number) || number > (option.maximum ?? number);
  return isOutside ? problem("out-of-range") : undefined;
}

function isSame(option: ScriptOption, choice: string, value: string): boolean {
  if (option.type === "int" || option.type === "float")
    return Number(choice) === Number(value.trim().replaceAll("_", ""));
  return choice === value || (option.ignoresCase === true && choice.toLowerCase() === value.toLowerCase());
}

/** The flags of options, for a suggestion. */
export function flagsOf(script: ScriptInterface): string[] {
  return script.options.flatMap((option) => [...option.flags, ...option.offFlags]);
}
