import { deepEqual, equal } from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folderWorkspace } from "../../src/language/folderWorkspace.ts";
import { PythonScripts } from "../../src/language/pythonScripts.ts";
import { problemsOf } from "../../src/language/service/problems.ts";
import { EntryPointMemory } from "../../src/projects/entryPointMemory.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { temporaryFolder } from "../support/environment.ts";

const folder = temporaryFolder();
const file = join(folder, "MLproject");
const script = (option: string) =>
  `import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument("--${option}", type=float)\nparser.parse_args()\n`;

/** An MLproject whose entry points call scripts of their own. */
const projectOf = (...names: string[]) =>
  `entry_points:\n${names.map((name) => `  ${name}:\n    command: python ${name}.py --eta 0.1\n`).join("")}`;

test("what was said of an entry point is said again only while its text, its scripts and its folder are the same", async () => {
  const scripts = new PythonScripts({ loaded: () => Promise.resolve(), failed: () => undefined });
  const workspace = () => scripts.of(folderWorkspace(file), file);
  const memory = new EntryPointMemory();
  const codes = async (text: string): Promise<string[]> => {
    // Files are read once in a turn of the loop.
    await new Promise(setImmediate);
    const told = problemsOf(readMlproject(text, memory), workspace());
    deepEqual(told, problemsOf(readMlproject(text), workspace()));
    return told.map(({ code }) => code);
  };
  const text = projectOf("a", "b");
  writeFileSync(join(folder, "a.py"), script("eta"));
  // Not readable yet: nothing is said of what they take.
  deepEqual(await codes(text), ["script-missing"]);
  await scripts.ready();
  deepEqual(await codes(text), ["script-missing"]);
  writeFileSync(join(folder, "b.py"), script("theta"));
  deepEqual(await codes(text), ["script-option-unknown"]);
  writeFileSync(join(folder, "a.py"), script("zeta"));
  equal((await codes(text)).length, 2);
  writeFileSync(join(folder, "a.py"), script("eta"));
  writeFileSync(join(folder, "b.py"), script("eta"));
  deepEqual(await codes(`# More lines.\n\n${text}`), []);
  rmSync(join(folder, "a.py"));
  deepEqual(await codes(text), ["script-missing"]);
  // A name nearly the same is offered as soon as it is there.
  mkdirSync(join(folder, "more"));
  writeFileSync(join(folder, "aa.py"), script("eta"));
  await new Promise(setImmediate);
  const [missing] = problemsOf(readMlproject(text, memory), workspace());
  equal(missing?.fixes?.[0]?.newText, problemsOf(readMlproject(text), workspace())[0]?.fixes?.[0]?.newText);
  deepEqual(await codes(`docker_env: {image: x}\nname: n\n${text}`), ["script-missing"]);
});
