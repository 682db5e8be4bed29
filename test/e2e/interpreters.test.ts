import { equal } from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findPython, temporaryFolder, until } from "../support/environment.ts";
import { type Editor, openEditor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";

// Which interpreter runs an entry point. The extensions that tell it are test-only ones (python-extension, python-envs-extension):
// they export the API of the Python extension and of Python Environments, and nothing else of them.

const python = findPython();
const skip = e2eSkip === false && python === undefined ? "no Python with mlflow" : e2eSkip;
const top = realpathSync(temporaryFolder("flowdeck-interpreters-"));
const folder = join(top, "work");
const where = join(folder, "where.txt");
const active = join(top, "active");
const environment = join(top, "environment");
let editor: Editor;

before(async () => {
  if (skip !== false) return;
  mkdirSync(folder);
  const command = `python -c "open('ran.txt', 'w').close()" && command -v python > where.txt`;
  writeFileSync(join(folder, "MLproject"), `entry_points:\n  main:\n    command: ${JSON.stringify(command)}\n`);
  writeFileSync(active, interpreter("one"));
  editor = await openEditor({
    name: "interpreters",
    env: { FLOWDECK_TEST_PYTHON: active, FLOWDECK_TEST_PYTHON_ENVS: environment },
  });
  await editor.openFolder(folder);
});
after(() => editor?.close());

/** A Python in a folder of its own; gives its path. */
function interpreter(name: string): string {
  const file = join(top, name, "bin/python");
  mkdirSync(join(top, name, "bin"), { recursive: true });
  writeFileSync(file, `#!/bin/sh\nexec "${python ?? ""}" "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Runs the entry point; gives the Python that its command found. */
async function runs(): Promise<string> {
  rmSync(where, { force: true });
  await editor.evaluate(`
    const uri = vscode.Uri.file(${JSON.stringify(join(folder, "MLproject"))}).toString();
    void vscode.commands.executeCommand("flowdeck.projects.run", uri, "main");
  `);
  return until("its command has run", () => existsSync(where) && readFileSync(where, "utf8").trim(), 60_000);
}

test("an entry point runs with the interpreter that is chosen in the Python extension", { skip }, () =>
  editor.step("chosen", async () => {
    equal(await runs(), join(top, "one/bin/python"));
    await editor.screenshot("chosen");
    writeFileSync(active, interpreter("two"));
    equal(await runs(), join(top, "two/bin/python"));
  }),
);

test("Python Environments is asked first, unless what it names cannot be run", { skip }, () =>
  editor.step("environments", async () => {
    writeFileSync(environment, interpreter("three"));
    equal(await runs(), join(top, "three/bin/python"));
    writeFileSync(environment, join(top, "gone/bin/python"));
    equal(await runs(), join(top, "two/bin/python"));
    await editor.closeEverything();
  }),
);
