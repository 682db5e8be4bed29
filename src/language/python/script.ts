// What a script takes on its command line, from its text and the texts of the modules beside it.
import { dirname, join } from "node:path";
import { abslHooks } from "./absl.ts";
import { argparseHooks } from "./argparse.ts";
import { clickHooks } from "./click.ts";
import { dataclassHooks } from "./dataclassOptions.ts";
import { fireHooks } from "./fire.ts";
import { hydraHooks } from "./hydra.ts";
import type { HydraReading } from "./hydra.ts";
import { hydraInterface } from "./hydraConfig.ts";
import { Interpreter } from "./interpreter.ts";
import type { Modules, Reading } from "./interpreter.ts";
import type { ScriptInterface, ScriptOption } from "./model.ts";
import { emptyInterface } from "./model.ts";
import type { PythonFile } from "./syntax.ts";
import { typerHooks } from "./typer.ts";
import type { SourceFile } from "./values.ts";

/** Where the text of a Python file comes from: an editor, or the disk. */
export interface PythonSources {
  /** Undefined where there is no such file, or where it is too large to be read. */
  read(path: string): PythonFile | undefined;
  /** Text of another file. */
  text(path: string): string | undefined;
}

/** Modules that are read of one script at most: what a whole package does is not followed. */
const MODULES = 24;

/** Says of a module's text that it may have to do with the command line. */
const SAYS_SOMETHING =
  /argparse|add_argument|parse_(?:known_)?args|\bclick\b|\btyper\b|\bfire\b|\babsl\b|argv|hydra|tyro|[Pp]arser|dataclass/;

/**
 * What the script at `path` takes; `roots` are the folders that its imports are looked for in.
 * Undefined where nothing can be said.
 */
export function readScript(
  path: string,
  roots: readonly string[],
  sources: PythonSources,
): ScriptInterface | undefined {
  const python = sources.read(path);
  if (python === undefined) return undefined;
  const modules = localModules(roots, sources);
  const hydra: HydraReading[] = [];
  const hooks = [argparseHooks, clickHooks, typerHooks(), fireHooks, abslHooks(), hydraHooks(hydra), dataclassHooks];
  const run = new Interpreter(modules, hooks);
  run.runModule({ path, python }, true);
  if (run.argv.isChanged) return undefined;
  const read = withConfig(merge(run.readings), hydra, run, sources) ?? argvInterface(run, { path, python });
  if (read !== undefined) read.open ||= python.broken || run.gaveUp;
  return read;
}

/** Packages whose flags are known to be none: another one may define flags of absl's, or configurations of hydra's. */
const PLAIN_PACKAGES = new Set(
  (
    "absl hydra omegaconf mlflow numpy pandas sklearn scipy torch matplotlib yaml os sys re json math time random logging pathlib typing " +
    "datetime collections functools itertools dataclasses enum subprocess shutil tempfile pickle csv copy warnings argparse __future__"
  ).split(" "),
);

function withConfig(
  read: ScriptInterface | undefined,
  hydra: readonly HydraReading[],
  run: Interpreter,
  sources: PythonSources,
): ScriptInterface | undefined {
  if (read === undefined) return undefined;
  const isPlain = [...run.packages].every((name) => PLAIN_PACKAGES.has(name));
  if (read.framework === "absl") read.open ||= !isPlain;
  const [main, another] = hydra;
  if (read.framework !== "hydra" || main === undefined) return read;
  const made = hydraInterface(main.main, dirname(main.place.file), main.place, sources.text);
  made.open ||= another !== undefined || read.open || run.packages.has("hydra.core");
  return made;
}

function localModules(roots: readonly string[], sources: PythonSources): Modules {
  let left = MODULES;
  return {
    resolve(from, level, module) {
      const parts = module.split(".");
      let folder = dirname(from.path);
      for (let up = 1; up < level; up += 1) folder = dirname(folder);
      for (const root of level > 0 ? [folder] : roots) {
        const base = join(root, ...parts);
        for (const path of [`${base}.py`, join(base, "__init__.py")]) {
          const python = left > 0 ? sources.read(path) : undefined;
          if (python === undefined) continue;
          if (!SAYS_SOMETHING.test(python.text))
            return { path, python: { text: python.text, body: [], broken: false } };
          left -= 1;
          return { path, python };
        }
      }
      return undefined;
    },
  };
}

function merge(readings: readonly Reading[]): ScriptInterface | undefined {
  const [first] = readings;
  const last = readings.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const samePlace = readings.every(
    ({ interface: one }) =>
      one.place.file === first.interface.place.file && one.place.range.start === first.interface.place.range.start,
  );
  if (samePlace) {
    const strict = readings.find(({ interface: one, conditional }) => !one.ignoresUnknown && !conditional);
    const chosen = strict ?? last;
    chosen.interface.open ||= chosen.conditional;
    return chosen.interface;
  }
  const options = new Map<string, ScriptOption>();
  for (const { interface: one } of readings)
    for (const option of one.options) options.set(option.flags[0] ?? option.name, option);
  const isPlain = readings.every((one) => one.interface.framework === "argparse" && !one.conditional);
  // Each takes what it knows and leaves the rest to the last one, which refuses what is left.
  if (isPlain && readings.slice(0, -1).every((one) => one.interface.ignoresUnknown)) {
    const open = readings.some((one) => one.interface.open);
    return { ...last.interface, options: [...options.values()], open };
  }
  return {
    ...first.interface,
    options: [...options.values()].map((option) => ({ ...option, uncertain: true })),
    open: true,
  };
}

/** A script that reads `sys.argv` itself. */
function argvInterface(run: Interpreter, file: SourceFile): ScriptInterface | undefined {
  if (run.argv.reads.length === 0 && run.argv.count === undefined) return undefined;
  const place = { file: file.path, range: { start: 0, end: 0 } };
  const made = emptyInterface("sys.argv", place);
  made.ignoresUnknown = run.argv.count === undefined;
  const count = Math.max(run.argv.count ?? 0, run.argv.least, ...run.argv.reads.map(({ index }) => index));
  for (let index = 1; index <= count; index += 1) {
    const reads = run.argv.reads.filter((one) => one.index === index);
    const type = reads.find((one) => one.type !== undefined && !one.conditional)?.type;
    const certain = reads.find((one) => !one.conditional);
    const at = reads[0]?.place ?? place;
    // What is read behind it must be there too.
    const required =
      (run.argv.count ?? run.argv.least) >= index ||
      run.argv.reads.some((one) => one.index >= index && !one.conditional);
    made.options.push({
      flags: [],
      offFlags: [],
      name: `sys.argv[${index}]`,
      least: 1,
      most: 1,
      remainder: false,
      required,
      uncertain: false,
      ...(type === undefined ? {} : { type }),
      place: certain?.place ?? at,
      namePlace: certain?.place ?? at,
    });
  }
  made.open = run.argv.isOpen;
  return made;
}
