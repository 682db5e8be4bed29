// What a rename changes in the commands of an MLproject.
import type { EntryPoint, MlprojectDocument, TextRange } from "../../../projects/document.ts";
import type { ScriptInterface, ScriptOption } from "../../python/model.ts";
import type { SimpleCommand, Word } from "../commandWords.ts";
import { commandsOf, literalStart, literalText } from "../commandWords.ts";
import type { KnownCall } from "../scriptFacts.ts";
import { Refusal } from "./spelling.ts";

/** The flag that a word of a command names, and where it stands. */
export interface NamedFlag {
  flag: string;
  /** As written: `--ep` for `--epochs`. */
  written: string;
  option: ScriptOption;
  range: TextRange;
}

/** The option a word of a call names by a long flag; undefined for a value, and where that cannot be told. */
export function flagOfWord(document: MlprojectDocument, script: ScriptInterface, word: Word): NamedFlag | undefined {
  const start = literalStart(word);
  const written = start.split("=", 1)[0] ?? "";
  if (!written.startsWith("-") || (literalText(word) === undefined && !start.includes("="))) return undefined;
  const found = matchesOf(script, written);
  const [only] = found;
  if (only === undefined || new Set(found.map(({ option }) => option.namePlace.range.start)).size > 1) return undefined;
  const range = rangeOfWord(document, word, written);
  return range === undefined ? undefined : { ...only, written, range };
}

function rangeOfWord({ text }: MlprojectDocument, { range }: Word, written: string): TextRange | undefined {
  const at = text.slice(range.start, range.end).indexOf(written);
  const start = range.start + at;
  return at < 0 ? undefined : { start, end: start + written.length };
}

function matchesOf(script: ScriptInterface, written: string): Array<{ option: ScriptOption; flag: string }> {
  const all = optionsIn(script).flatMap((option) =>
    [...option.flags, ...option.offFlags].map((flag) => ({ option, flag })),
  );
  const same = all.filter(({ flag }) => plain(script, flag) === plain(script, written));
  if (same.length > 0 || !script.abbreviations || !written.startsWith("--")) return same;
  return all.filter(({ flag }) => flag.startsWith(written));
}

/** absl takes one dash for two, fire dashes for underscores as well. */
function plain({ framework }: ScriptInterface, flag: string): string {
  if (framework === "absl") return flag.replace(/^--?/, "--");
  return framework === "fire" ? `--${flag.replace(/^--?/, "").replaceAll("-", "_")}` : flag;
}

/** The options of a script and of its commands. */
export function optionsIn(script: ScriptInterface): ScriptOption[] {
  return [...script.options, ...[...script.commands.values()].flatMap(optionsIn)];
}

/** Every word of a call that names `option`. */
export function flagsInCall(
  document: MlprojectDocument,
  { call, script }: KnownCall,
  option: ScriptOption,
): NamedFlag[] {
  return call.words.flatMap((word) => {
    const named = flagOfWord(document, script, word);
    return named !== undefined && isSameOption(named.option, option) ? [named] : [];
  });
}

export function isSameOption(a: ScriptOption, b: ScriptOption): boolean {
  return a.namePlace.file === b.namePlace.file && a.namePlace.range.start === b.namePlace.range.start;
}

/** Words that are short for another option today, and would be short for `newFlag`, too. */
export function abbreviationOf(calls: readonly KnownCall[], newFlag: string, option: ScriptOption): string | undefined {
  for (const { call, script } of calls) {
    if (!script.abbreviations) continue;
    for (const word of call.words) {
      const written = literalStart(word).split("=", 1)[0] ?? "";
      const isShort = written.length > 2 && written.startsWith("--") && newFlag.startsWith(written);
      if (isShort && matchesOf(script, written).some((match) => !isSameOption(match.option, option))) return written;
    }
  }
  return undefined;
}

/** `-P name=…` in commands that run this project again. */
export function givenByCommands(document: MlprojectDocument, entryPoint: string, name: string): TextRange[] {
  return document.entryPoints
    .flatMap((one) => [...commandsOf(document, one)])
    .flatMap((command) => givenBy(document, command, entryPoint, name));
}

function givenBy(document: MlprojectDocument, { words }: SimpleCommand, entryPoint: string, name: string): TextRange[] {
  const texts = words.map((word) => literalText(word));
  const at = texts.indexOf("mlflow");
  if (at < 0 || texts[at + 1] !== "run" || !words.some((_, index) => /^\.\/?$/.test(texts[index] ?? ""))) return [];
  const asked = texts.findIndex((text) => text === "-e" || text === "--entry-point");
  if ((asked < 0 ? "main" : texts[asked + 1]) !== entryPoint) return [];
  return words.flatMap((word, index): TextRange[] => {
    const before = texts[index - 1];
    const start = literalStart(word);
    const isGiven = (before === "-P" || before === "--param-list") && start.startsWith(`${name}=`);
    if (!isGiven && !start.startsWith(`-P${name}=`)) return [];
    const range = rangeOfWord(document, word, `${name}=`);
    if (range === undefined) return [];
    return [{ start: range.start, end: range.end - 1 }];
  });
}

/** The entry points that have the very same parameter, by an alias or a merge, and with it all that changes with its name. */
export function sharersOf(document: MlprojectDocument, entryPoint: EntryPoint, name: string): EntryPoint[] | Refusal {
  const own = entryPoint.parameters.find((parameter) => parameter.name === name);
  const sharers = document.entryPoints.filter((one) =>
    one.parameters.some((parameter) => parameter.name === name && parameter.nameRange.start === own?.nameRange.start),
  );
  const places = new Set(sharers.flatMap((one) => placeholdersOf(one, name).map(({ start }) => start)));
  const other = document.entryPoints.find(
    (one) => !sharers.includes(one) && placeholdersOf(one, name).some(({ start }) => places.has(start)),
  );
  return other === undefined
    ? sharers
    : new Refusal(`${other.name} shares this command and has a parameter ${name} of its own; rename it by hand.`);
}

export function placeholdersOf(entryPoint: EntryPoint, name: string): TextRange[] {
  return entryPoint.placeholders.filter((one) => one.name === name).map(({ nameRange }) => nameRange);
}
