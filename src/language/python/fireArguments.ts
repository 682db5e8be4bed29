// How fire takes words: flags by name or first letter, what is left by place.
import type { Argument, ArgumentProblem } from "./argumentValues.ts";
import { flagsOf } from "./argumentValues.ts";
import type { ScriptInterface, ScriptOption } from "./model.ts";

interface Left {
  argument: Argument;
  at: number;
}

export function checkFire(script: ScriptInterface, args: readonly Argument[]): ArgumentProblem[] {
  const isLoose = args.some(({ splits }) => splits);
  // `--` ends the words of the function, and a lone `-` calls it.
  if (isLoose || args.some(({ text, start }) => /^(?:--?|--help|-h)$/.test(text ?? start))) return [];
  return checkComponent(
    script,
    args.map((argument, at) => ({ argument, at })),
  );
}

function checkComponent(script: ScriptInterface, words: readonly Left[]): ArgumentProblem[] {
  const isGroup = script.commands.size > 0;
  const { left, seen } = takeFlags(script, words);
  if (!isGroup) return checkFunction(script, left, seen);
  const [word] = left;
  if (word !== undefined && isFlag(word.argument)) {
    const text = word.argument.text ?? word.argument.start;
    const problem = {
      fault: "unknown-option" as const,
      at: word.at,
      word: text.replace(/=[^]*$/, ""),
      known: flagsOf(script),
    };
    return script.open ? [] : [problem];
  }
  const name = word?.argument.text;
  if (word === undefined || name === undefined) return [];
  const command = script.commands.get(name) ?? script.commands.get(name.replaceAll("-", "_"));
  if (command === undefined) {
    if (script.open) return [];
    return [{ fault: "unknown-command", at: word.at, word: name, known: [...script.commands.keys()] }];
  }
  const problems = checkComponent(command, left.slice(1));
  return script.open ? problems.filter(({ fault }) => fault !== "unknown-option") : problems;
}

function isFlag({ text, start }: Argument): boolean {
  return /^--|^-[A-Za-z]/.test(text ?? start);
}

/** Takes the flags that the component knows with their values; gives what is left. */
function takeFlags(script: ScriptInterface, words: readonly Left[]): { left: Left[]; seen: Set<ScriptOption> } {
  const left: Left[] = [];
  const unknown: Left[] = [];
  const seen = new Set<ScriptOption>();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) break;
    if (!isFlag(word.argument)) {
      left.push(word);
      continue;
    }
    const text = word.argument.text ?? word.argument.start;
    const [key = ""] = text.replace(/^-+/, "").split("=", 1);
    const next = words[index + 1];
    const hasValue = !text.includes("=") && next !== undefined && !isFlag(next.argument);
    const option = optionOf(script, key.replaceAll("-", "_"), hasValue || text.includes("="));
    if (option !== undefined) seen.add(option);
    else unknown.push(word, ...(hasValue ? [next] : []));
    if (hasValue) index += 1;
  }
  // What is not known goes on behind the other words.
  return { left: [...left, ...unknown], seen };
}

function optionOf(script: ScriptInterface, key: string, hasValue: boolean): ScriptOption | undefined {
  const exact = script.options.find(({ name }) => name === key);
  if (exact !== undefined) return exact;
  if (key.length === 1) {
    const matches = script.options.filter(({ name }) => name.startsWith(key));
    return matches.length === 1 ? matches[0] : undefined;
  }
  return hasValue || !key.startsWith("no") ? undefined : script.options.find(({ name }) => name === key.slice(2));
}

function checkFunction(
  script: ScriptInterface,
  left: readonly Left[],
  seen: ReadonlySet<ScriptOption>,
): ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  const waiting = script.options.filter((option) => !seen.has(option));
  let isUnknownsValue = false;
  for (const { argument, at } of left) {
    if (isFlag(argument)) {
      const text = argument.text ?? argument.start;
      const [word = ""] = text.split("=", 1);
      if (!script.open) problems.push({ fault: "unknown-option", at, word, known: flagsOf(script) });
      isUnknownsValue = !text.includes("=");
      continue;
    }
    const taken = isUnknownsValue ? undefined : waiting.shift();
    if (taken === undefined && !script.open && !isUnknownsValue) {
      problems.push({
        fault: "needless-argument",
        at,
        ...(argument.text === undefined ? {} : { value: argument.text }),
      });
    }
    isUnknownsValue = false;
  }
  // A word of the run may be a flag with its value.
  if (left.some(({ argument }) => argument.text === undefined && argument.start === "")) return problems;
  const missing = waiting.filter(({ required }) => required);
  return [...problems, ...missing.map((option) => ({ fault: "missing-option" as const, option }))];
}
