import { ok } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folderWorkspace } from "../../src/language/folderWorkspace.ts";
import { PythonScripts } from "../../src/language/pythonScripts.ts";
import { readForEditor } from "../../src/language/service/readForEditor.ts";
import { complete } from "../../src/language/service/completion.ts";
import { validate } from "../../src/language/service/validation.ts";
import { EntryPointMemory } from "../../src/projects/entryPointMemory.ts";
import { temporaryFolder } from "../support/environment.ts";

// The measures of bench/language.mjs at three times their goals, in CPU time: what fails here got slower by much, wherever it runs.

const folder = temporaryFolder();
const file = join(folder, "MLproject");
const options = ["eta", "depth", "note"].map((name) => `parser.add_argument("--${name}")\n`).join("");
const step = (_: unknown, n: number): string => {
  const declared = Array.from({ length: 12 }, (__, at) => `      value_${at}: {type: float, default: ${at}}\n`).join(
    "",
  );
  const command = `    command: >-\n      python train_${n % 20}.py --eta {value_0}\n      --depth {value_1}\n      --note {note}\n`;
  return `  step_${n}:\n    parameters:\n${declared}      note: string\n${command}`;
};
const text = `entry_points:\n${Array.from({ length: 137 }, step).join("")}`;

/** ms of CPU that `work` takes. */
function timed(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

test("a file of 2,600 lines is opened, edited and completed within three times the goals", async () => {
  ok(text.split("\n").length > 2_600);
  for (let n = 0; n < 20; n += 1) {
    writeFileSync(join(folder, `train_${n}.py`), `import argparse\nparser = argparse.ArgumentParser()\n${options}`);
  }
  const scripts = new PythonScripts({ loaded: () => Promise.resolve(), failed: () => undefined });
  await scripts.ready();
  const workspace = scripts.of(folderWorkspace(file), file);
  const memory = new EntryPointMemory();
  const opened = timed(() => void validate(readForEditor(text, memory), workspace));
  const edits: number[] = [];
  const completions: number[] = [];
  for (let n = 0; n < 20; n += 1) {
    const at = text.indexOf("note: string", (text.length * n) / 25);
    const changed = `${text.slice(0, at)}note: 5${text.slice(at + 12)}`;
    edits.push(timed(() => void validate(readForEditor(changed, memory), workspace)));
    // A text that begins with a quote and does not end is broken, as most are while someone types.
    const typed = `${text.slice(0, at + 6)}"${text.slice(at + 6)}`;
    const document = () => readForEditor(typed, memory);
    const offset = at + 7;
    completions.push(timed(() => void complete({ document: document(), offset, workspace, explicit: true })));
  }
  ok(opened < 900, `opened in ${opened} ms`);
  ok(median(edits) < 150, `edits ${edits.join(", ")} ms`);
  ok(median(completions) < 90, `completions ${completions.join(", ")} ms`);
});
