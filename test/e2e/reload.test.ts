import { deepEqual, equal, ok } from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openStore, storeUri } from "../../src/store/open.ts";
import { findPython, skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";

// The window goes and comes back while a script logs through its server.

const python = findPython();
const skip = e2eSkip || skipWithout(python, "Python with mlflow");

const POINTS = 2_000;
const folder = temporaryFolder("flowdeck-reload-");
const database = join(folder, "mlflow.db");
const acknowledged = join(folder, "acknowledged.txt");
let editor: Editor;

/** An unmodified client: a point is acknowledged when its call has returned. */
const SCRIPT = `
import mlflow
with mlflow.start_run(run_name="through-reloads"), open("acknowledged.txt", "w", buffering=1) as seen:
    for step in range(${POINTS}):
        mlflow.log_metric("value", step * 0.5, step=step)
        seen.write(f"{step}\\n")
`;

before(async () => {
  if (skip !== false) return;
  writeFileSync(join(folder, "MLproject"), "name: reload\nentry_points:\n  main:\n    command: python log.py\n");
  writeFileSync(join(folder, "log.py"), SCRIPT);
  editor = await openEditor({ name: "reload" });
});
after(() => editor?.close());

function acknowledgedSteps(): number[] {
  if (!existsSync(acknowledged)) return [];
  return readFileSync(acknowledged, "utf8").trimEnd().split("\n").map(Number);
}

test("two reloads of the window while a script logs lose no acknowledged point", { skip }, (t) =>
  editor.step("reload", async () => {
    await editor.openFolder(folder);
    await editor.showFlowdeck();
    await editor.page.getByText("terminals are already set up").waitFor();
    await editor.runCommand("Terminal: Create New Terminal");
    await until("a terminal", async () => (await editor.evaluate("return vscode.window.terminals.length")) === 1);
    await editor.typeInTerminal(`${python} log.py`);
    await until("the first points", () => acknowledgedSteps().length > 20, 60_000);

    const before: number[] = [];
    for (const name of ["first-reload", "second-reload"]) {
      before.push(acknowledgedSteps().length);
      await editor.reload();
      await editor
        .treeItem(/^through-reloads, /)
        .first()
        .waitFor();
      await editor.screenshot(name);
    }
    t.diagnostic(`${before.join(" and ")} points were acknowledged when the window went`);
    ok((before[1] ?? 0) < POINTS, "the script was over before the second reload");
    await until("the script to end", () => acknowledgedSteps().length === POINTS, 120_000);
    await editor
      .treeItem(/^through-reloads, finished/)
      .first()
      .waitFor();
    await editor.screenshot("finished");

    const store = openStore(storeUri(database), { readonly: true });
    try {
      const [run] = (await store.searchRuns({ experiment_ids: ["0"] })).items;
      equal(run?.info.status, "FINISHED");
      const { items } = await store.metricHistory({ run_id: run.info.run_id, metric_key: "value" });
      deepEqual(
        items.map(({ step, value }) => [step, value]),
        Array.from({ length: POINTS }, (_, step) => [step, step * 0.5]),
      );
    } finally {
      store.close();
    }
  }),
);
