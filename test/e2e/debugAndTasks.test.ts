import { deepEqual, equal } from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Run } from "../../src/mlflow/entities.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { findDebugpy, skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { type Editor, openEditor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";

// Entry points under the debugger, and as tasks. The Python Debugger extension is out of reach here: a test-only extension registers its type
// over the real adapter of PyPI's debugpy.

const python = findDebugpy();
const skip = e2eSkip || skipWithout(python, "debugpy");
const folder = join(realpathSync(temporaryFolder("flowdeck-debug-")), "wine");
const database = join(folder, "mlflow.db");
const train = join(folder, "train.py");
let editor: Editor;

const SCRIPT = `import subprocess, sys
eta = float(sys.argv[1])
print("eta is", eta)
if len(sys.argv) > 2:
    subprocess.run(["python", sys.argv[2], "child"], check=True)
print("over")
`;
const MLPROJECT = `name: wine
entry_points:
  main:
    parameters:
      eta: {type: float, default: 0.08}
    command: "python -u train.py {eta}"
  twice:
    command: |
      set -e
      echo before
      python3 train.py 1 2>&1 | cat
      python -m train 2
  parent:
    command: "python train.py 3 child.py"
  fails:
    parameters:
      word: string
    command: "python fails.py {word}"
  waits:
    command: "until [ -e go ]; do sleep 0.1; done"
`;
const FAILS = `import sys


def check(word):
    raise ValueError("not " + word)


check(sys.argv[1])
`;
const TASKS = {
  version: "2.0.0",
  tasks: [
    { label: "fail", type: "mlproject", entryPoint: "fails", parameters: { word: "a 'word'" }, runName: "failing" },
  ],
};

before(async () => {
  if (skip !== false) return;
  mkdirSync(folder);
  writeFileSync(train, SCRIPT);
  writeFileSync(join(folder, "child.py"), 'import sys\nword = sys.argv[1]\nprint("I am the", word)\n');
  writeFileSync(join(folder, "fails.py"), FAILS);
  mkdirSync(join(folder, ".vscode"));
  writeFileSync(join(folder, ".vscode/tasks.json"), JSON.stringify(TASKS));
  writeFileSync(join(folder, "MLproject"), MLPROJECT);
  editor = await openEditor({
    name: "debug",
    settings: { "flowdeck.python.interpreter": python, "debug.toolBarLocation": "docked" },
    env: { FLOWDECK_DEBUGPY: python ?? "" },
  });
  await editor.openFolder(folder);
  await editor.openFile(train);
});
after(() => editor?.close());

async function breakAt(file: string, line: number): Promise<void> {
  await editor.evaluate(`
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    const at = new vscode.Location(vscode.Uri.file(${JSON.stringify(file)}), new vscode.Position(${line - 1}, 0));
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(at)]);
  `);
}

async function debug(entryPoint: string): Promise<void> {
  await editor.evaluate(`
    void vscode.commands.executeCommand("flowdeck.projects.debug", vscode.Uri.file(${JSON.stringify(join(folder, "MLproject"))}).toString(), "${entryPoint}");
  `);
}

/** Waits for a breakpoint; gives what `expression` is there. */
async function stopped(expression: string): Promise<unknown> {
  return until(
    "the debugger stops",
    () =>
      editor
        .evaluate(`
        const item = vscode.debug.activeStackItem;
        if (item?.frameId === undefined) return undefined;
        const { session, frameId } = item;
        const { result } = await session.customRequest("evaluate", { expression: ${JSON.stringify(expression)}, frameId, context: "watch" });
        return result;
      `)
        .then((value) => value ?? undefined),
    60_000,
  );
}

async function goOn(): Promise<void> {
  // The next session may stop before one looks whether this one has gone on.
  const place = async () =>
    String(
      await editor.evaluate(
        "const item = vscode.debug.activeStackItem; return item && [item.session.id, item.frameId].join()",
      ),
    );
  const before = await place();
  await editor.evaluate('await vscode.commands.executeCommand("workbench.action.debug.continue")');
  await until("it goes on", async () => (await place()) !== before);
}

/** The terminal draws later than its program prints. */
async function printed(text: RegExp): Promise<void> {
  await until(`the terminal shows ${String(text)}`, async () => text.test(await editor.terminalText()));
}

/** All runs, newest first; [] while there is no database. */
async function runs(): Promise<Run[]> {
  if (!existsSync(database)) return [];
  const store = openStore(storeUri(database));
  try {
    return (await store.searchRuns({ experiment_ids: ["0"], run_view_type: "ALL" })).items;
  } finally {
    store.close();
  }
}

/** The newest run, once it has ended. */
async function lastRun(count: number): Promise<Run> {
  return until(
    "the run has ended",
    async () => {
      const all = await runs();
      return all.length === count && all[0]?.info.status !== "RUNNING" ? all[0] : undefined;
    },
    60_000,
  );
}

test("a breakpoint in the script of an entry point is hit, and the run is FINISHED when it goes on", { skip }, () =>
  editor.step("main", async () => {
    await breakAt(train, 3);
    await debug("main");
    equal(await stopped("eta"), "0.08");
    await editor.page.locator(".debug-top-stack-frame-line").first().waitFor();
    await editor.screenshot("breakpoint");
    await goOn();
    const run = await lastRun(1);
    equal(run.info.status, "FINISHED");
    deepEqual(run.data.params, [{ key: "eta", value: "0.08" }]);
    await printed(/eta is 0\.08\nover/);
    const left = join(editor.server.userData, "User/globalStorage/flowdeck.flowdeck/debug");
    await until("nothing of it is left", () => readdirSync(left).length === 0);
    await editor.closeEverything();
  }),
);

test("every Python of a shell command gets a session, scripts and modules alike", { skip }, () =>
  editor.step("twice", async () => {
    await breakAt(train, 3);
    await debug("twice");
    equal(await stopped("eta"), "1.0");
    await goOn();
    equal(await stopped("eta"), "2.0");
    await goOn();
    equal((await lastRun(2)).info.status, "FINISHED");
    await printed(/before\neta is 1\.0\nover\neta is 2\.0\nover/);
    await editor.closeEverything();
  }),
);

test("a Python that the script starts is debugged with it", { skip }, () =>
  editor.step("parent", async () => {
    await breakAt(join(folder, "child.py"), 3);
    await debug("parent");
    equal(await stopped("word"), "'child'");
    await editor.screenshot("child");
    await goOn();
    equal((await lastRun(3)).info.status, "FINISHED");
    await editor.closeEverything();
  }),
);

test("a window that is reloaded while it debugs lets the run go on to its end", { skip }, () =>
  editor.step("reload", async () => {
    await breakAt(train, 3);
    await debug("main");
    equal(await stopped("eta"), "0.08");
    await editor.reload();
    equal((await lastRun(4)).info.status, "FINISHED");
    await editor.closeEverything();
  }),
);

/** Starts the task whose name is `name` or whose label in tasks.json it is. */
async function startTask(name: string): Promise<void> {
  await editor.evaluate(`
    const tasks = await vscode.tasks.fetchTasks({ type: "mlproject" });
    const task = tasks.find(({ name }) => name === ${JSON.stringify(name)});
    if (task === undefined) throw new Error("There are " + tasks.map(({ name }) => name).join(", "));
    await vscode.tasks.executeTask(task);
  `);
}

test(
  "a task of tasks.json runs its entry point, and the traceback of its script is a problem at its line",
  { skip },
  () =>
    editor.step("task", async () => {
      await startTask("fail");
      const run = await lastRun(5);
      deepEqual(
        [run.info.status, run.info.run_name, run.data.params],
        ["FAILED", "failing", [{ key: "word", value: "a 'word'" }]],
      );
      const problems = await until("the traceback is a problem", async () => {
        const found = await editor.evaluate(`
        const all = vscode.languages.getDiagnostics(vscode.Uri.file(${JSON.stringify(join(folder, "fails.py"))}));
        return all.map(({ message, range, source }) => [source, range.start.line + 1, message]);
      `);
        return Array.isArray(found) && found.length > 0 ? found : undefined;
      });
      deepEqual(problems, [["Python", 5, "ValueError: not a 'word'"]]);
      await editor.evaluate('await vscode.commands.executeCommand("workbench.actions.view.problems")');
      await editor.page.locator(".markers-panel", { hasText: "ValueError" }).waitFor();
      await editor.screenshot("traceback");
      await editor.closeEverything();
    }),
);

test("every entry point is a task, which a reload of the window finds again", { skip }, () =>
  editor.step("reconnect", async () => {
    await startTask("waits");
    // A task that came back has another name than the one that was started (VS Code 1.139).
    const running = async () => {
      const found = await editor.evaluate(
        "return vscode.tasks.taskExecutions.map(({ task }) => task.definition.entryPoint)",
      );
      return String(found);
    };
    await until("it runs", async () => (await running()) === "waits");
    await editor.untilTerminalsAreNoted();
    await editor.reload();
    await until("it is known again", async () => (await running()) === "waits", 90_000);
    await editor.screenshot("task-again");
    writeFileSync(join(folder, "go"), "");
    const ending = await until(
      "the run is closed",
      async () => {
        const run = (await runs()).find(({ data }) => data.tags.some(({ value }) => value === "waits"));
        return run?.info.status === "RUNNING" ? undefined : run?.info.status;
      },
      60_000,
    );
    equal(ending, "FINISHED");
    await until("it is over", async () => (await running()) === "", 60_000);
  }),
);
