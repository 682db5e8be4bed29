// The programs that commands begin with, as far as a slip in their names or in what they are given is sure.
import type { EntryPoint, MlprojectDocument, Problem, TextRange } from "../../../projects/document.ts";
import { editDistance } from "../../../projects/spelling.ts";
import type { SimpleCommand, Word } from "../commandWords.ts";
import { commandsOf, literalText } from "../commandWords.ts";
import { joinPath, scriptCalls } from "../scriptCall.ts";
import type { Workspace } from "../workspace.ts";

/** Programs whose names are mistyped, long enough for a slip to be one. */
const PROGRAMS = [
  "python",
  "python3",
  "mlflow",
  "Rscript",
  "torchrun",
  "jupyter",
  "spark-submit",
  "accelerate",
  "deepspeed",
];

/** One letter from one of them, and programs as well. */
const OTHERS = new Set([
  "ipython",
  "jython",
  "bpython",
  "cpython",
  "python2",
  "pythonw",
  "xpython",
  "mlflowx",
  "cython",
  "rscript",
]);

/** Slips in the programs of all commands. */
export function checkPrograms(document: MlprojectDocument, workspace: Workspace): Problem[] {
  return document.entryPoints.flatMap((entryPoint) => {
    const commands = commandsOf(document, entryPoint);
    const called = scriptCalls(document, entryPoint).flatMap((call) => {
      const place = call.folder === undefined ? undefined : joinPath(call.folder, call.name);
      return place !== undefined && call.kind === "script" && workspace.exists(place) ? [call] : [];
    });
    const slips = commands.flatMap((command) => [
      ...misspelt(entryPoint, command),
      ...withoutProgram(document, entryPoint, command, workspace),
      ...byWrongShell(document, command),
    ]);
    const wrong = called.flatMap(({ name, program, range }) => byWrongProgram(name, program, range));
    return [...slips, ...wrong];
  });
}

/** Behind assignments: where a program stands. */
function programOf({ words }: SimpleCommand): Word | undefined {
  return words.find((word) => !/^[A-Za-z_]\w*=/.test(literalText(word) ?? "="));
}

function misspelt(entryPoint: EntryPoint, command: SimpleCommand): Problem[] {
  const word = programOf(command);
  const name = literalText(word);
  if (word === undefined || name === undefined || OTHERS.has(name) || PROGRAMS.includes(name)) return [];
  const meant = PROGRAMS.find((one) => one.length - 1 <= name.length && editDistance(name, one) === 1);
  if (meant === undefined || /^python[0-9.]*$/.test(name)) return [];
  const fixes = [{ title: `Change to ${meant}`, range: word.range, newText: meant }];
  const message = `Running ${entryPoint.name} fails unless there is a program ${name}; \`${meant}\` is one.`;
  return [{ code: "program-misspelt", severity: "warning", message, range: word.range, fixes }];
}

const RUNS: Record<string, string> = { py: "python", sh: "bash", R: "Rscript", ipynb: "papermill" };

/** `train.py --lr 1`: the shell looks for programs elsewhere. */
function withoutProgram(
  document: MlprojectDocument,
  entryPoint: EntryPoint,
  command: SimpleCommand,
  workspace: Workspace,
): Problem[] {
  const word = programOf(command);
  const name = literalText(word);
  const [, ending = ""] = /^[\w-]+\.(py|sh|R)$/.exec(name ?? "") ?? [];
  const program = RUNS[ending];
  if (word === undefined || name === undefined || program === undefined || !workspace.exists(name)) return [];
  // Behind `cd` another folder counts, and PATH may hold it.
  if (/\bPATH=|\bcd\b/.test(entryPoint.command ?? "") || document.environment?.kind === "docker") return [];
  const fixes = [
    { title: `Call it with ${program}`, range: { ...word.range, end: word.range.start }, newText: `${program} ` },
  ];
  const message = `Running ${entryPoint.name} fails: the shell looks for no program in the project folder; \`${program} ${name}\` runs it.`;
  return [{ code: "script-program", severity: "warning", message, range: word.range, fixes }];
}

function wrong(name: string, program: string, range: TextRange): Problem[] {
  const right = RUNS[/\.(\w+)$/.exec(name)?.[1] ?? ""];
  if (right === undefined || right === program) return [];
  const message = `${program} cannot run ${name}${right === "papermill" ? ", which is a notebook" : `; ${right} does`}.`;
  return [{ code: "script-program", severity: "warning", message, range }];
}

function byWrongProgram(name: string, program: "python" | "shell" | "R", range: TextRange): Problem[] {
  return program === "python" ? wrong(name, "python", range) : [];
}

/** `bash train.py`. */
function byWrongShell(document: MlprojectDocument, { words }: SimpleCommand): Problem[] {
  const [program, script] = words.map((word) => literalText(word));
  const range = words[1]?.range;
  if (range === undefined || !/^(?:ba)?sh$/.test(program ?? "") || !/\.(?:py|R)$/.test(script ?? "")) return [];
  return document.environment?.kind === "docker" ? [] : wrong(script ?? "", "bash", range);
}
