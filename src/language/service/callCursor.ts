// Where a cursor stands in the call of a script: which word, and which option takes it.
import type { EntryPoint, MlprojectDocument, Parameter } from "../../projects/document.ts";
import type { ScriptInterface, ScriptOption } from "../python/model.ts";
import { isPositional } from "../python/model.ts";
import type { Word } from "./commandWords.ts";
import { literalStart, literalText } from "./commandWords.ts";
import { touches } from "./positions.ts";
import type { KnownCall } from "./scriptFacts.ts";
import { knownCalls } from "./scriptFacts.ts";
import type { Workspace } from "./workspace.ts";

export interface CallCursor {
  entryPoint: EntryPoint;
  known: KnownCall;
  /** Index of the word the cursor touches, or of the one that would stand there. */
  index: number;
  word?: Word;
}

/** Undefined where the cursor is in no call of a script that is understood. `inside`: the entry point whose command it is in. */
export function callAt(
  document: MlprojectDocument,
  offset: number,
  workspace: Workspace,
  inside?: EntryPoint,
): CallCursor | undefined {
  const entryPoint = inside ?? document.entryPoints.find(({ commandRange }) => touches(commandRange, offset));
  if (entryPoint === undefined) return undefined;
  for (const known of knownCalls(document, entryPoint, workspace)) {
    const { call } = known;
    if (offset <= call.range.end || !reaches(document, entryPoint, call.end, offset)) continue;
    const index = call.words.findIndex(({ range }) => touches(range, offset));
    const word = call.words[index];
    if (word !== undefined) return { entryPoint, known, index, word };
    return { entryPoint, known, index: call.words.filter(({ range }) => range.end < offset).length };
  }
  return undefined;
}

/** Whether a word at `offset` would still belong to a command that ends at `end`: the blanks behind a text are no part of its value. */
export function reaches(document: MlprojectDocument, entryPoint: EntryPoint, end: number, offset: number): boolean {
  if (offset <= end) return true;
  const between = document.text.slice(end, offset);
  const isLast = entryPoint.commandRange !== undefined && end >= entryPoint.commandRange.end - 1;
  if (!isLast || between.trim() !== "") return false;
  const isFolded = document.text[entryPoint.commandRange?.start ?? 0] === ">";
  return isFolded || !between.includes("\n") || document.text[end - 1] === "\\";
}

export interface TakenWord {
  /** What takes it; undefined where that cannot be told. */
  option?: ScriptOption;
  /** The word is the option itself, or begins with it (`--lr=0.1`). */
  isFlag: boolean;
  /** The script, or the command of it that the word belongs to. */
  script: ScriptInterface;
}

/** What takes each word of a call, read from left to right. */
export function takersOf(top: ScriptInterface, words: readonly Word[]): TakenWord[] {
  const taken: TakenWord[] = [];
  let script = top;
  let positionals = script.options.filter(isPositional);
  let waiting: { option: ScriptOption; left: number } | undefined;
  for (const word of words) {
    const text = literalText(word);
    const option = optionOf(script, word);
    if (option !== undefined) {
      taken.push({ option, isFlag: true, script });
      const isWhole = text !== undefined && !text.includes("=");
      waiting = isWhole && option.most > 0 ? { option, left: option.most } : undefined;
    } else if (waiting !== undefined && waiting.left > 0) {
      taken.push({ option: waiting.option, isFlag: false, script });
      waiting.left -= 1;
    } else if (text !== undefined && script.commands.has(text)) {
      taken.push({ isFlag: false, script });
      script = script.commands.get(text) ?? script;
      positionals = script.options.filter(isPositional);
    } else {
      const [next] = positionals;
      if (next?.most === 1) positionals = positionals.slice(1);
      taken.push(next === undefined ? { isFlag: false, script } : { option: next, isFlag: false, script });
    }
  }
  return taken;
}

/** What would take a word at `index`, were it typed there. */
export function takerAt({ known, index }: CallCursor, typed: string): TakenWord {
  const piece = { kind: "text" as const, text: typed };
  const range = { start: 0, end: 0 };
  const word: Word = { pieces: [piece], splits: false, range, start: 0, end: 0 };
  const before = known.call.words.slice(0, index);
  return takersOf(known.script, [...before, word]).at(-1) ?? { isFlag: false, script: known.script };
}

function optionOf(script: ScriptInterface, word: Word): ScriptOption | undefined {
  const start = literalStart(word);
  if (script.framework === "hydra") {
    const key = start.replace(/^\+*/, "").split("=", 1)[0] ?? "";
    return start.includes("=") ? script.options.find(({ name }) => name === key) : undefined;
  }
  if (!start.startsWith("-")) return undefined;
  const [flag = ""] = start.split("=", 1);
  const names = script.framework === "absl" ? flag.replace(/^--?/, "--") : flag;
  const plain =
    script.framework === "fire" ? flag.replace(/^-+/, "--").replaceAll("-", "_").replace(/^__/, "--") : names;
  const isNamed = (matches: (flag: string) => boolean) =>
    script.options.filter((option) => [...option.flags, ...option.offFlags].some(matches));
  const [same] = isNamed((one) => one === plain);
  if (same !== undefined || !script.abbreviations || !plain.startsWith("--") || plain === "--") return same;
  const [only, another] = isNamed((one) => one.startsWith(plain));
  return another === undefined ? only : undefined;
}

/** A parameter and an option of the same name, but for `-` and `_`. */
export function isSameName(parameter: string, option: ScriptOption): boolean {
  const bare = (name: string) => name.replace(/^-+/, "").replaceAll("-", "_").toLowerCase();
  return [option.name, ...option.flags].some((name) => bare(name) === bare(parameter));
}

export interface Binding {
  parameter: Parameter;
  option: ScriptOption;
  known: KnownCall;
  word: Word;
}

/** Which options of which scripts get the values of the parameters. */
export function bindingsOf(document: MlprojectDocument, entryPoint: EntryPoint, workspace: Workspace): Binding[] {
  return knownCalls(document, entryPoint, workspace).flatMap((known) => {
    const takers = takersOf(known.script, known.call.words);
    return known.call.words.flatMap((word, index): Binding[] =>
      word.pieces.flatMap((piece) => {
        const option = takers[index]?.option;
        const parameter =
          piece.kind === "placeholder" ? entryPoint.parameters.find(({ name }) => name === piece.name) : undefined;
        return option === undefined || parameter === undefined ? [] : [{ parameter, option, known, word }];
      }),
    );
  });
}
