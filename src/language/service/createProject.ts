// An MLproject for a script: its options become parameters.
import { shellQuote } from "../../projects/shellQuote.ts";
import { plainTag } from "../../projects/yamlScalars.ts";
import type { ScriptInterface, ScriptOption } from "../python/model.ts";
import { isPositional, shownName } from "../python/model.ts";
import { usualOptions } from "./describeOption.ts";
import { parameterName, yamlValue } from "./writeParameter.ts";

export interface NewProject {
  /** Of the project. */
  name: string;
  /** Path of the script in the project folder. */
  script: string;
  /** What it takes; absent where nothing can be said. */
  takes?: ScriptInterface | undefined;
  /** `python_env: python_env.yaml`; absent for none. */
  environment?: { key: "python_env" | "conda_env"; path: string } | undefined;
}

/** The text of an MLproject file that runs the script with the values it has by itself. */
export function createProject({ name, script, takes, environment }: NewProject): string {
  const head = [`name: ${yamlText(name)}`, ""];
  if (environment !== undefined) head.push(`${environment.key}: ${yamlText(environment.path)}`, "");
  return [...head, "entry_points:", ...entryPoints(script, takes), ""].join("\n");
}

function entryPoints(script: string, takes: ScriptInterface | undefined): string[] {
  const call = `python ${shellQuote(script).replace(/[{}]/g, "$&$&")}`;
  if (takes === undefined) return entryPoint("main", { call, options: [], takes });
  if (takes.commands.size === 0) return entryPoint("main", { call, options: usualOptions(takes), takes });
  const before = usualOptions(takes).filter((option) => option.required);
  const seen = new Set<string>();
  return [...takes.commands].flatMap(([name, command]) => {
    // Another name of the same command is left out.
    const place = `${command.place.file} ${command.place.range.start}`;
    if (seen.has(place)) return [];
    seen.add(place);
    const options = usualOptions(command);
    return entryPoint(name, { call, before, command: shellQuote(name), options, takes: command });
  });
}

interface Call {
  call: string;
  /** Options that stand in front of the command. */
  before?: ScriptOption[];
  command?: string;
  options: ScriptOption[];
  takes: ScriptInterface | undefined;
}

function entryPoint(name: string, { call, before = [], command, options, takes }: Call): string[] {
  const names = new Set<string>();
  const words = (list: readonly ScriptOption[]) =>
    list.filter((option) => passedOn(option, takes)).map((option) => wordsFor(option, names));
  const [first, second] = [words(before), words(options)];
  const all = [...first, ...second];
  const left = options.filter((option) => !passedOn(option, takes)).map(shownName);
  const lines = [`  ${yamlKey(name)}:`];
  if (all.length > 0) lines.push("    parameters:", ...all.map(({ declared }) => `      ${declared}`));
  if (left.length > 0) lines.push(`    # Given with a run where they are wanted: ${left.join(", ")}`);
  const parts = [
    call,
    ...first.map(({ text }) => text),
    ...(command === undefined ? [] : [command]),
    ...second.map(({ text }) => text),
  ];
  if (parts.length === 1) lines.push(`    command: ${yamlText(call)}`);
  else lines.push("    command: >-", ...parts.map((part) => `      ${part}`));
  return lines;
}

/** Whether a value can always be passed: what is required, and what has a default that can be written down. */
function passedOn(option: ScriptOption, takes: ScriptInterface | undefined): boolean {
  if (option.most === 0 || option.uncertain || option.remainder || option.least > 1) return false;
  if (option.required) return true;
  // A list has no one value.
  if (option.default === undefined || option.most > 1 || option.default.startsWith("[")) return false;
  // Python's bool() takes the text False for true.
  if (option.type === "truth") return option.default === "True";
  return takes?.framework === "hydra" ? /^[\w./-]+$/.test(option.default) : option.default !== "";
}

function wordsFor(option: ScriptOption, names: Set<string>): { declared: string; text: string } {
  const plain = option.name.startsWith("sys.argv")
    ? `argument${/\d+/.exec(option.name)?.[0] ?? ""}`
    : parameterName(option);
  let name = plain;
  for (let count = 2; names.has(name); count += 1) name = `${plain}_${count}`;
  names.add(name);
  const isNumber = option.type === "int" || option.type === "float";
  const type = isNumber ? "float" : "string";
  const help = comment(option);
  const declared =
    option.default === undefined || option.required
      ? `${yamlKey(name)}: ${type}${help}`
      : `${yamlKey(name)}: {type: ${type}, default: ${yamlValue(option.default, type)}}${help}`;
  return { declared, text: callText(option, name) };
}

function callText(option: ScriptOption, name: string): string {
  if (isPositional(option)) return `{${name}}`;
  const flag = shownName(option).replace(/[{}]/g, "$&$&");
  return flag.endsWith("=") ? `${flag}{${name}}` : `${flag} {${name}}`;
}

function comment(option: ScriptOption): string {
  const help = (option.help ?? "").replace(/\s+/g, " ").trim();
  const choices = option.choices === undefined ? "" : option.choices.join(" | ");
  const text = [help, choices].filter((one) => one !== "").join(" ");
  return text === "" ? "" : ` # ${text.slice(0, 120)}`;
}

function yamlKey(name: string): string {
  return /^[\w-]+$/.test(name) && plainTag(name) === "str" ? name : yamlText(name);
}

function yamlText(text: string): string {
  const isPlain = /^[A-Za-z_][\w ./-]*$/.test(text) && text.trim() === text && plainTag(text) === "str";
  return isPlain ? text : JSON.stringify(text);
}
