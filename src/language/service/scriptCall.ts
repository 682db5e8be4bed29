// Which Python script or module the commands of an entry point call, from which folder, and with which words.
import type { EntryPoint, MlprojectDocument, TextRange } from "../../projects/document.ts";
import type { SimpleCommand, Word } from "./commandWords.ts";
import { commandsOf, literalText } from "./commandWords.ts";

export interface ScriptCall {
  kind: "script" | "module";
  /** As written: `train.py`, `package.train`. */
  name: string;
  range: TextRange;
  /** The program that runs it: `python`, `bash`, `sh`, `Rscript`. */
  program: "python" | "shell" | "R";
  /** Folder it is called in, relative to the project folder (`.`); undefined where that cannot be told. */
  folder: string | undefined;
  /** Folders that PYTHONPATH adds. */
  pythonPath: string[];
  /** What the script gets. */
  words: Word[];
  /** In the file: where another word could end at the latest. */
  end: number;
}

/** Words of the shell that stand in front of a command. */
const KEYWORDS = ["if", "then", "else", "elif", "do", "while", "until", "!", "{", "time", "exec", "nohup", "command"];

/** Options of Python that take a value. */
const PYTHON_VALUES = ["-W", "-X", "--check-hash-based-pycs"];

/** Options of `uv run` that take no value; after another one it cannot be told which word is the script. */
const UV_SWITCHES = [
  "--no-sync",
  "--frozen",
  "--locked",
  "--isolated",
  "--active",
  "-q",
  "--quiet",
  "-v",
  "--verbose",
  "--offline",
];
const UV_VALUES = ["--with", "--python", "-p", "--extra", "--group", "--project", "--env-file", "--with-requirements"];

/** Every call of a script or module, in the order of the command. */
export function scriptCalls(document: MlprojectDocument, entryPoint: EntryPoint): ScriptCall[] {
  const found: ScriptCall[] = [];
  const folders: Array<string | undefined> = ["."];
  for (const command of commandsOf(document, entryPoint)) {
    while (folders.length <= command.depth) folders.push(folders.at(-1));
    folders.length = Math.max(command.depth + 1, 1);
    const folder = folders.at(-1);
    const changed = changedFolder(command, folder);
    if (changed !== "same") folders[folders.length - 1] = changed;
    else found.push(...callOf(command, folder));
  }
  return found;
}

/** Where `cd` goes; undefined where that cannot be told. */
function changedFolder(command: SimpleCommand, folder: string | undefined): string | undefined {
  const first = command.words.findIndex((word) => !KEYWORDS.includes(literalText(word) ?? ""));
  const words = command.words.slice(Math.max(first, 0));
  const name = literalText(words[0]);
  if (name === "popd" || name === "pushd") return undefined;
  if (name !== "cd") return "same";
  // Behind `then` and the like it may not happen.
  if (command.words.slice(0, first).some((word) => !["{", "exec", "command"].includes(literalText(word) ?? "")))
    return undefined;
  const target = literalText(words[1]);
  if (target === undefined || target.startsWith("~") || target === "-" || words.length !== 2) return undefined;
  return folder === undefined ? (target.startsWith("/") ? target : undefined) : joinPath(folder, target);
}

function callOf({ words, end }: SimpleCommand, folder: string | undefined): ScriptCall[] {
  let rest = words;
  const pythonPath: string[] = [];
  for (;;) {
    const text = literalText(rest[0]);
    const start = rest[0]?.pieces[0];
    const assigned = start?.kind === "text" ? /^([A-Za-z_]\w*)=/.exec(start.text) : null;
    if (assigned !== null) {
      if (assigned[1] === "PYTHONPATH") pythonPath.push(...pathsIn(rest[0]));
    } else if (text !== "env" && (text === undefined || !KEYWORDS.includes(text))) break;
    rest = rest.slice(1);
  }
  const called = programCall(rest);
  if (called === undefined) return [];
  return [{ ...called, folder, pythonPath, end }];
}

function pathsIn(word: Word | undefined): string[] {
  const text = (word?.pieces ?? []).map((piece) => (piece.kind === "text" ? piece.text : "\u0000")).join("");
  return text
    .slice(text.indexOf("=") + 1)
    .split(":")
    .filter((path) => path !== "" && !path.includes("\u0000"));
}

type ProgramCall = Omit<ScriptCall, "folder" | "pythonPath" | "end">;

function programCall(words: readonly Word[]): ProgramCall | undefined {
  const program = literalText(words[0])?.replace(/^.*\//, "");
  if (program === undefined) return undefined;
  const rest = words.slice(1);
  if (/^python[0-9.]*$/.test(program)) return pythonCall(rest);
  if (/^(?:ba|z|da)?sh$/.test(program)) return plainScript(rest, "shell", /\.sh$/);
  if (program === "Rscript") return plainScript(rest, "R", /\.R$/);
  if (program === "uv" && literalText(rest[0]) === "run") return uvCall(rest.slice(1));
  if (["poetry", "pdm", "rye", "pipenv", "hatch"].includes(program) && literalText(rest[0]) === "run")
    return programCall(rest.slice(1));
  if (program === "accelerate" && literalText(rest[0]) === "launch") return launched(rest.slice(1));
  if (program === "torchrun" || program === "deepspeed") return launched(rest);
  return undefined;
}

/** `python [options] script …` and `python [options] -m module …`. */
function pythonCall(words: readonly Word[]): ProgramCall | undefined {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    const text = literalText(word);
    if (word === undefined || text === undefined) return undefined;
    if (PYTHON_VALUES.includes(text)) index += 1;
    else if (/^-[A-Za-z]*m$/.test(text)) return moduleCall(words.slice(index + 1));
    else if (/^-[A-Za-z]*[cm]/.test(text) || text === "-") return undefined;
    else if (!text.startsWith("-")) return scriptAt(words, index, "python");
  }
  return undefined;
}

/** Modules that run another script or module behind their own options. */
const LAUNCHERS = ["torch.distributed.run", "torch.distributed.launch", "accelerate.commands.launch"];

function moduleCall(words: readonly Word[]): ProgramCall | undefined {
  const [word] = words;
  const name = literalText(word);
  if (word === undefined || name === undefined || !/^\w+(?:\.\w+)*$/.test(name)) return undefined;
  if (LAUNCHERS.includes(name)) return launched(words.slice(1));
  return { kind: "module", name, range: word.range, program: "python", words: words.slice(1) };
}

function scriptAt(words: readonly Word[], index: number, program: ScriptCall["program"]): ProgramCall | undefined {
  const word = words[index];
  const name = literalText(word);
  if (word === undefined || name === undefined) return undefined;
  return { kind: "script", name, range: word.range, program, words: words.slice(index + 1) };
}

function plainScript(words: readonly Word[], program: ScriptCall["program"], ending: RegExp): ProgramCall | undefined {
  const index = words.findIndex((word) => !(literalText(word) ?? "").startsWith("-"));
  if (words.slice(0, Math.max(index, 0)).some((word) => /^-[A-Za-z]*[ce]/.test(literalText(word) ?? "")))
    return undefined;
  const called = index < 0 ? undefined : scriptAt(words, index, program);
  return called !== undefined && ending.test(called.name) ? called : undefined;
}

function uvCall(words: readonly Word[]): ProgramCall | undefined {
  for (let index = 0; index < words.length; index += 1) {
    const text = literalText(words[index]);
    if (text === undefined) return undefined;
    if (UV_VALUES.includes(text)) index += 1;
    else if (text === "-m" || text === "--module") return moduleCall(words.slice(index + 1));
    else if (text === "--" || UV_SWITCHES.includes(text) || UV_VALUES.some((one) => text.startsWith(`${one}=`)))
      continue;
    else if (text.startsWith("-")) return undefined;
    else return text.endsWith(".py") ? scriptAt(words, index, "python") : programCall(words.slice(index));
  }
  return undefined;
}

/** The first word that is a script, behind options which may take values. */
function launched(words: readonly Word[]): ProgramCall | undefined {
  for (const [index, word] of words.entries()) {
    const text = literalText(word);
    if (text === "-m" || text === "--module") return moduleCall(words.slice(index + 1));
    if (text?.endsWith(".py") === true) return scriptAt(words, index, "python");
  }
  return undefined;
}

/** POSIX paths, without `.` and `..` where that can be told. */
export function joinPath(folder: string, path: string): string {
  const whole = path.startsWith("/") ? path : `${folder}/${path}`;
  const parts: string[] = [];
  for (const part of whole.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".." || !whole.startsWith("/")) parts.push(part);
  }
  const joined = parts.join("/");
  return whole.startsWith("/") ? `/${joined}` : joined === "" ? "." : joined;
}
