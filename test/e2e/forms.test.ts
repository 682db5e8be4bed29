import { deepEqual, equal, match, ok } from "node:assert/strict";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { RUN_TAG, type Run } from "../../src/mlflow/entities.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { findPython, root, skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { actUntil } from "./support/acting.ts";
import { type Editor, openEditor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";
import { answer, told } from "./support/told.ts";

// What a run is asked for: the form, its presets, tasks, and the environment that is not there.

const python = findPython();
const skip = e2eSkip || skipWithout(python, "Python");
const top = realpathSync(temporaryFolder("flowdeck-forms-"));
const folder = join(top, "work");
const wine = join(folder, "wine");
const database = join(folder, "mlflow.db");
const presets = join(folder, ".vscode", "flowdeck-presets.json");
let editor: Editor;

const MLPROJECT = `name: wine
entry_points:
  main:
    parameters:
      eta: {type: float, default: 0.1, description: Step size}
      kind: {type: string, default: linear}
      deep: {type: bool, default: "False"}
      data: {type: path, default: data}
    command: python train.py --eta {eta} --kind {kind} --deep {deep} --data {data}
`;
const SCRIPT = `import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--eta", type=float)
parser.add_argument("--kind", choices=["linear", "tree", "forest"])
parser.add_argument("--deep")
parser.add_argument("--data")
parser.add_argument("--seed")
print("got", vars(parser.parse_args()))
`;

before(async () => {
  if (skip !== false) return;
  for (const name of ["wine/data", "wine/other", "boxed", "old", ".vscode"])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(wine, "MLproject"), MLPROJECT);
  writeFileSync(join(wine, "train.py"), SCRIPT);
  const boxed = "name: boxed\ndocker_env: {image: python}\nentry_points:\n  boxed:\n    command: echo ran here\n";
  writeFileSync(join(folder, "boxed", "MLproject"), boxed);
  const old = "name: old\npython_env: python_env.yaml\nentry_points:\n  old:\n    command: python -c 'print(1 + 1)'\n";
  writeFileSync(join(folder, "old", "MLproject"), old);
  writeFileSync(join(folder, "old", "python_env.yaml"), 'python: "3.99"\n');
  cpSync(join(root, "examples/wine-workflow"), join(folder, "workflow"), { recursive: true });
  const programs = join(top, "programs");
  mkdirSync(programs);
  const program = (name: string, text: string) => {
    writeFileSync(join(programs, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(programs, name), 0o755);
  };
  // Stand-ins: a docker whose daemon does not answer, and a uv that makes what it is asked for of the Python that is there.
  program("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1");
  program("uv", `[ "$1" = venv ] && exec ${python} -m venv --without-pip "$2"; exit 0`);
  const store = openStore(storeUri(database));
  const now = Date.now();
  const tags = [
    { key: RUN_TAG.projectEntryPoint, value: "main" },
    { key: RUN_TAG.sourceName, value: wine },
  ];
  for (const [run_name, eta, kind, value, ago] of [
    ["gentle-crane-512", "0.05", "forest", 0.5571, 7_200_000],
    ["luminous-hare-19", "0.3", "tree", 0.5874, 180_000],
  ] as const) {
    const start_time = now - ago;
    const { info } = await store.createRun({ experiment_id: "0", run_name, start_time, tags });
    const metrics = [{ key: "val_rmse", value, timestamp: start_time, step: 0 }];
    const params = [
      { key: "eta", value: eta },
      { key: "kind", value: kind },
      { key: "logged_beside", value: "1" },
    ];
    await store.logBatch({ run_id: info.run_id, metrics, params, tags: [] });
    await store.updateRun({ run_id: info.run_id, status: "FINISHED", end_time: start_time + 5_000 });
  }
  store.close();
  const env = {
    PATH: [programs, process.env["PATH"]].join(":"),
    // Keeps VS Code from asking a login shell for another PATH.
    VSCODE_CLI: "1",
    MLFLOW_ENV_ROOT: join(top, "environments"),
  };
  editor = await openEditor({ name: "forms", settings: { "flowdeck.python.interpreter": python }, env });
  await editor.openFolder(folder);
  await editor.openFile(join(wine, "MLproject"));
});
after(() => editor?.close());

async function newestRun(isWanted: (run: Run) => boolean): Promise<Run> {
  return until(
    "the run has ended",
    async () => {
      const store = openStore(storeUri(database));
      try {
        const { items: experiments } = await store.searchExperiments({ max_results: 100 });
        const experiment_ids = experiments.map(({ experiment_id }) => experiment_id);
        const { items } = await store.searchRuns({ experiment_ids });
        return items.find((run) => isWanted(run) && run.info.status !== "RUNNING");
      } finally {
        store.close();
      }
    },
    90_000,
  );
}

const input = () => editor.page.locator(".quick-input-widget .quick-input-box input");
const row = (text: string | RegExp) => editor.page.locator(".quick-input-widget .monaco-list-row", { hasText: text });
const title = (text: RegExp) => editor.page.locator(".quick-input-title", { hasText: text });
const titled = (text: RegExp) => title(text).waitFor();
const form = () => titled(/^Run main$/);
/** A lens that is drawn anew loses a click. */
const openForm = () => actUntil(title(/^Run main$/), () => editor.codeLens("Run with…").first().click());
/** Leaves the list that is open. */
async function leave(): Promise<void> {
  await input().press("Escape");
  await input().waitFor({ state: "hidden" });
}
const params = (run: Run) => Object.fromEntries(run.data.params.map(({ key, value }) => [key, value]));
/** A row of the form by the name of its parameter: other rows may hold it, too, also unseen from a list before. */
const parameter = (name: string) =>
  editor.page
    .locator(".quick-input-widget .monaco-list-row")
    .filter({ has: editor.page.locator(".label-name:visible", { hasText: new RegExp(`^\\s*${name}\\s*$`) }) })
    .first();

test(
  "the form offers best and last values, choices, paths, parameters that are not declared, and how it runs",
  { skip },
  () =>
    editor.step("form", async () => {
      await openForm();
      await row("Values of the best run").first().waitFor();
      match(await row("Values of the best run").first().innerText(), /gentle-crane-512, val_rmse 0\.557/);
      await row("Values of the last run").first().waitFor();
      await editor.screenshot("form");
      await editor.quickPick("Values of the best run");
      await row("default 0.1").first().waitFor();

      await parameter("kind").click();
      await titled(/^kind$/);
      await row("Another value…").first().waitFor();
      const choices = await row(/./).locator(".label-name:visible").allInnerTexts();
      deepEqual(
        choices.map((text) => text.trim()),
        ["linear", "tree", "forest", "Another value…"],
      );
      await editor.screenshot("choices");
      await editor.quickPick("tree");
      await form();
      await parameter("deep").click();
      await titled(/^deep$/);
      await editor.quickPick("True");
      await form();

      await parameter("data").click();
      await titled(/^data$/);
      await input().fill("nowhere");
      await editor.page.locator(".quick-input-message", { hasText: "There is no file or folder nowhere" }).waitFor();
      await editor.screenshot("path-refused");
      await input().press("Enter");
      await titled(/^data$/);
      await editor.page.locator('.quick-input-widget [aria-label^="Choose a Folder"]').click();
      await titled(/^Folder for data/);
      const shows = (path: string) => until(path, async () => (await input().inputValue()) === path);
      await shows(`${wine}/`);
      await row("other").first().click();
      await shows(`${wine}/other/`);
      await editor.screenshot("folder-dialog");
      await editor.page.locator(".quick-input-widget .monaco-button", { hasText: /^(OK|Use)$/ }).click();
      await titled(/^data$/);
      await until("the chosen path", async () => (await input().inputValue()) === "other");
      await input().press("Enter");
      await form();

      await editor.quickPick("Add Parameter…");
      await editor.quickInput("Name of the Parameter", "seed");
      await editor.quickInput("seed", "7");
      await form();
      await editor.quickPick("More…");
      await titled(/^How It Runs/);
      await editor.quickPick("Experiment");
      await editor.quickInput("Experiment", "tuning");
      await editor.quickPick("Run name");
      await editor.quickInput("Name of the Run", "first try");
      await titled(/^How It Runs/);
      await editor.screenshot("more");
      await editor.quickPick("Back");
      await form();

      await parameter("eta").click();
      await titled(/^eta/);
      await input().fill("abc");
      await editor.page.locator(".quick-input-message", { hasText: "eta takes a number" }).waitFor();
      await input().press("Escape");
      // Nothing is lost: neither by Escape in a box, nor by Escape in the list.
      await form();
      await row("experiment tuning").first().waitFor();
      await editor.screenshot("form-filled");
      await leave();
      await openForm();
      for (const text of ["eta float = 0.05", "kind string = tree", "path = other", "seed = 7", "run first try"])
        await row(new RegExp(text.replaceAll(" ", "\\s*")))
          .first()
          .waitFor();
    }),
);

test("the values are saved as a preset only when that is asked for, and run", { skip }, () =>
  editor.step("preset", async () => {
    ok(!existsSync(presets));
    await editor.quickPick("Save as Preset…");
    await editor.quickInput("Name of the Preset", "quick");
    await form();
    const text = readFileSync(presets, "utf8");
    deepEqual(JSON.parse(text), {
      presets: [
        {
          name: "quick",
          project: "wine",
          entryPoint: "main",
          parameters: { eta: "0.05", kind: "tree", deep: "True", data: "other", seed: "7" },
          experimentName: "tuning",
          runName: "first try",
        },
      ],
    });
    await editor.quickPick("Run main");
    const run = await newestRun(({ info }) => info.run_name === "first try");
    equal(run.info.status, "FINISHED");
    deepEqual(params(run), { eta: "0.05", kind: "tree", deep: "True", data: "other", seed: "7" });
    ok(run.info.experiment_id !== "0");
    await until("its output is drawn", async () => (await editor.terminalText()).includes("'kind': 'tree'"));
    await editor.evaluate(`
      const target = { uri: ${JSON.stringify(storeUri(database))}, run_id: "${run.info.run_id}" };
      void vscode.commands.executeCommand("flowdeck.tracking.repeatRun", target);
    `);
    await form();
    await row("experiment tuning").first().waitFor();
    await parameter("kind").filter({ hasText: "tree" }).waitFor();
    await leave();
    await editor.closeEverything();
  }),
);

test("a preset is offered first in the form and runs by command; comments of its file stay", { skip }, () =>
  editor.step("run-preset", async () => {
    const commented = readFileSync(presets, "utf8")
      .replace("{\n", "{\n  // of the team\n")
      .replace("first try", "second try");
    writeFileSync(presets, commented);
    await editor.openFile(join(wine, "MLproject"));
    await openForm();
    await row("Preset quick").first().waitFor();
    await row(/Preset|Values of/)
      .first()
      .filter({ hasText: "Preset quick" })
      .waitFor();
    await editor.screenshot("preset-offered");
    await editor.quickPick("Save as Preset…");
    await editor.quickInput("Name of the Preset", "other");
    await form();
    await leave();
    match(readFileSync(presets, "utf8"), /\/\/ of the team\n[\s\S]*"quick"[\s\S]*"other"/);
    await editor.runCommand("Flowdeck: Run Preset…");
    await row("quick").first().waitFor();
    await editor.screenshot("presets");
    await editor.quickPick("quick");
    const run = await newestRun(({ info }) => info.run_name === "second try");
    equal(run.info.status, "FINISHED");
    await editor.closeEverything();
  }),
);

test("a damaged file of presets is told in a sentence, and left as it is", { skip }, () =>
  editor.step("damaged", async () => {
    const before = readFileSync(presets, "utf8");
    writeFileSync(presets, "{ broken");
    await editor.runCommand("Flowdeck: Run Preset…");
    await told(editor, /flowdeck-presets\.json is damaged, so Flowdeck left it as it is; mend it/);
    await editor.screenshot("damaged-presets");
    await answer(editor, /is damaged/, "Open File");
    await editor.page.locator(".tab.active", { hasText: "flowdeck-presets.json" }).waitFor();
    equal(readFileSync(presets, "utf8"), "{ broken");
    writeFileSync(presets, before);
    await editor.closeEverything();
  }),
);

test("tasks.json completes entry points, parameters and their values", { skip }, () =>
  editor.step("tasks", async () => {
    const file = join(folder, ".vscode", "tasks.json");
    const task =
      '"type": "mlproject", "project": "wine", "entryPoint": "main", "parameters": { "kind": "", "eta": , "" }';
    const text = `{\n  "version": "2.0.0",\n  "tasks": [\n    { ${task} }\n  ]\n}\n`;
    writeFileSync(file, text);
    await editor.openFile(file);
    const offered = async (behind: string) => {
      const offset = text.indexOf(behind) + behind.length;
      const labels = await editor.evaluate(`
        const document = await vscode.workspace.openTextDocument(${JSON.stringify(file)});
        const list = await vscode.commands.executeCommand(
          "vscode.executeCompletionItemProvider", document.uri, document.positionAt(${offset}));
        return list.items.map(({ label, detail }) => [typeof label === "string" ? label : label.label, detail].join(": "));
      `);
      return Array.isArray(labels) ? labels.map(String) : [];
    };
    await until("the project is offered", async () =>
      (await offered('"project": "')).some((label) => label.startsWith("wine: ")),
    );
    ok((await offered('"entryPoint": "')).includes("main: eta, kind, deep, data"));
    // VS Code itself offers its variables beside them.
    const own = async (behind: string) => (await offered(behind)).filter((label) => !/^"|^\$/.test(label));
    deepEqual((await own('"kind": "')).slice(0, 3), [
      "linear: default",
      "tree: a choice of the script",
      "forest: a choice of the script",
    ]);
    deepEqual((await own('"eta": ')).slice(0, 2), ["0.1: default", "0.05: of second try"]);
    const names = await offered('"eta": , "');
    ok(
      names.some((label) => label.startsWith("deep: ")) && !names.some((label) => label.startsWith("kind: ")),
      names.join(),
    );
    await editor.evaluate(`
      const editor = vscode.window.activeTextEditor;
      const at = editor.document.positionAt(${text.indexOf('"kind": "') + 9});
      editor.selection = new vscode.Selection(at, at);
      await vscode.commands.executeCommand("editor.action.triggerSuggest");
    `);
    await editor.page.locator(".suggest-widget .monaco-list-row", { hasText: "forest" }).waitFor();
    await editor.screenshot("tasks-completion");
    await editor.page.keyboard.press("Escape");
    await editor.closeEverything();
  }),
);

test(
  "an environment that this machine cannot make is told in a sentence, and a click runs with what works",
  { skip },
  () =>
    editor.step("preflight", async () => {
      const run = (project: string) =>
        editor.evaluate(`
        const uri = vscode.Uri.file(${JSON.stringify(join(folder, project, "MLproject"))}).toString();
        void vscode.commands.executeCommand("flowdeck.projects.run", uri, "${project}");
      `);
      const isOf = (name: string) => (one: Run) =>
        one.data.tags.some(({ key, value }) => key === RUN_TAG.projectEntryPoint && value === name);
      await run("boxed");
      await told(
        editor,
        /runs in docker, whose daemon does not answer .*; start it, or choose the environment manager local/,
      );
      await editor.screenshot("no-docker");
      await answer(editor, /runs in docker/, "Run With local");
      equal((await newestRun(isOf("boxed"))).info.status, "FINISHED");
      await until("it ran here", async () => (await editor.terminalText()).includes("ran here"));
      await editor.closeEverything();
      await run("old");
      await told(
        editor,
        /This project needs Python 3\.99, but only .* found; .*choose the environment manager uv, which fetches it/,
      );
      await editor.screenshot("no-python");
      await answer(editor, /This project needs/, "Run With uv");
      equal((await newestRun(isOf("old"))).info.status, "FINISHED");
      await editor.screenshot("ran-with-uv");
      await editor.closeEverything();
    }),
);

test("expressions of a workflow stand out of the texts that hold them", { skip }, () =>
  editor.step("colours", async () => {
    await editor.openFile(join(folder, "workflow", "workflow.mlflow.yaml"));
    const colourOf = (text: string) =>
      editor.page
        .locator(".view-line span span", { hasText: new RegExp(`^\\W*${text}\\W*$`) })
        .first()
        .evaluate((span) => getComputedStyle(span).color);
    await editor.page.locator(".view-line span span", { hasText: "test_size" }).first().waitFor();
    await until("colours of their own", async () => {
      const colours = await Promise.all(["workflow", "parameters", "main"].map(colourOf));
      return new Set(colours).size > 1;
    });
    await editor.inThemes("workflow-colours");
    await editor.closeEverything();
  }),
);
