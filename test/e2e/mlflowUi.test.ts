import assert from "node:assert/strict";
import { afterEach, before, test } from "node:test";
import { findPython, skipWithout, until, whenOver } from "../support/environment.ts";
import { startService, type TestService } from "../support/service.ts";
import { browserSkip } from "./support/machine.ts";
import { type MlflowUi, mlflowUiFolder, openMlflowUi } from "./support/mlflowUi.ts";
import { logWine, type Wine } from "./support/wine.ts";

// MLflow's own web page against our server, as a person uses it. The tests take turns on one page.

const python = findPython();
const folder = python === undefined ? undefined : mlflowUiFolder(python);
const skip = browserSkip || skipWithout(folder, "MLflow's web page");

let service: TestService;
let ui: MlflowUi;
let wine: Wine;

before(async () => {
  if (skip) return;
  service = await startService(["--artifacts-destination", "artifacts"]);
  wine = await logWine(service);
  ui = await openMlflowUi(folder ?? "", service.url);
  whenOver(() => ui.close());
});

// What a test saw last, for whoever reads why it failed.
afterEach(async (t) => {
  if (!skip) await ui.screenshot("name" in t ? t.name : "");
});

/** The first run of the three. */
const runPlace = () => `/experiments/${wine.experiment_id}/runs/${wine.runIds[0]}`;
const runsPlace = () => `/experiments/${wine.experiment_id}/runs`;
const run = async (n: number) => service.store.getRun({ run_id: wine.runIds[n] ?? "" });

test("experiments are listed, searched, created and deleted", { skip }, async () => {
  const { page } = ui;
  await ui.show("/experiments");
  await page.getByRole("link", { name: "wine quality" }).waitFor();
  const found = ui.answered("/experiments/search");
  await page.getByTestId("search-experiment-input").fill("wine");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  assert.deepEqual(names(await found, "experiments"), ["wine quality"]);
  await page.getByRole("link", { name: "Default" }).waitFor({ state: "detached" });
  await page.getByTestId("create-experiment-button").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByPlaceholder("Input an experiment name").fill("made in the browser");
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByTestId("experiment-link").getByText("made in the browser").waitFor();
  const made = () => service.store.getExperimentByName({ experiment_name: "made in the browser" });
  assert.equal((await made()).lifecycle_stage, "active");
  await ui.show("/experiments");
  await page.getByRole("row", { name: "made in the browser" }).getByRole("checkbox").check();
  await page.getByTestId("delete-experiments-button").click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByTestId("experiment-list-item-link").getByText("made in the browser").waitFor({ state: "detached" });
  assert.equal((await made()).lifecycle_stage, "deleted");
});

test("the runs table shows the runs with their data and takes a filter", { skip }, async () => {
  const { page } = ui;
  await ui.show(runsPlace());
  for (const name of ["run-0", "run-1", "run-2"]) await page.getByRole("link", { name, exact: true }).waitFor();
  await page.getByText("Which grapes?").waitFor();
  await page.getByText("vintages (abc123)").first().waitFor();
  await page.locator('main a[href*="/models/cellar"]').waitFor();
  const found = ui.answered("/runs/search");
  await page.getByTestId("search-box").fill('metrics.loss < 0.06 and params.alpha != "0.1"');
  await page.keyboard.press("Enter");
  assert.deepEqual(
    Object(await found).runs.map(({ info }: { info: { run_name: string } }) => info.run_name),
    ["run-1"],
  );
  await page.getByText("1 matching run").waitFor();
  await page.getByRole("link", { name: "run-0", exact: true }).waitFor({ state: "detached" });
  // The page remembers what an experiment was searched for.
  await page.getByTestId("search-box").fill("");
  await page.keyboard.press("Enter");
  await page.getByText("3 matching runs").waitFor();
});

test("runs are sorted by a metric and grouped by a param, and a dataset shows its fields", { skip }, async () => {
  const { page } = ui;
  await ui.show(`${runsPlace()}?orderByKey=metrics.%60loss%60&orderByAsc=false`);
  await page.getByRole("link", { name: "run-2", exact: true }).waitFor();
  const rows = await page
    .getByRole("link", { name: /^run-/ })
    .evaluateAll((links) =>
      links
        .toSorted((a, b) => a.getBoundingClientRect().y - b.getBoundingClientRect().y)
        .map(({ textContent }) => textContent),
    );
  assert.deepEqual(rows, ["run-2", "run-1", "run-0"]);
  await page.getByText("vintages (abc123)").first().click();
  const drawer = page.getByRole("dialog");
  await drawer.getByText("alcohol", { exact: true }).waitFor();
  await drawer.getByText("num rows: 178").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Group by" }).click();
  await page.getByText("alpha", { exact: true }).last().click();
  await page.getByText("Group: 0.3").waitFor();
  // The page remembers how an experiment was grouped.
  await page.evaluate(() => localStorage.clear());
  await page.goto("about:blank");
});

test("histories and latest values of all runs are drawn as charts", { skip }, async () => {
  const { page } = ui;
  await ui.show(runsPlace());
  await page.locator('label:has(input[value="CHART"])').click();
  const count = (shapes: string) => page.locator(`.js-plotly-plot ${shapes}`).count();
  await until("40 points of each run", async () => (await count(".scatterlayer .point")) >= 120, 30_000);
  await until("a bar of each run", async () => (await count(".barlayer .point")) === 3, 30_000);
});

test("a run's page shows what was logged and changes name, description and tags", { skip }, async () => {
  const { page } = ui;
  await ui.show(runPlace());
  for (const text of ["0.025", "accuracy", "alpha", "0.1", "ada", "Finished", "vintages (abc123)", "model-0"]) {
    await page.getByRole("main").getByText(text, { exact: true }).first().waitFor();
  }
  await page.getByRole("button", { name: "Open header dropdown menu" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByTestId("rename-modal-input").fill("best run");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "best run" }).waitFor();

  await page.getByRole("button", { name: "Edit description" }).click();
  await page.getByTestId("text-area").fill("Tastes of **plum**.");
  await page.getByTestId("editable-note-save-button").click();
  await page.locator("strong", { hasText: "plum" }).waitFor();

  await page.getByRole("button", { name: "Edit tags" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox").fill("barrel");
  await page.keyboard.press("Enter");
  await dialog.getByLabel("Value").fill("oak");
  await dialog.getByRole("button", { name: "Add tag" }).click();
  await dialog.getByRole("button", { name: "Save tags" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("oak").waitFor();
  const { info, data } = await run(0);
  const tags = Object.fromEntries(data.tags.map(({ key, value }) => [key, value]));
  assert.deepEqual(
    [info.run_name, tags["mlflow.note.content"], tags["barrel"]],
    ["best run", "Tastes of **plum**.", "oak"],
  );
});

test("a run's metrics are drawn", { skip }, async () => {
  await ui.show(`${runPlace()}/model-metrics`);
  const line = ui.page.locator(".js-plotly-plot .scatterlayer .js-line").first();
  await until("a line", async () => ((await line.getAttribute("d")) ?? "").includes("L"), 30_000);
});

test("text, tables, pictures and pages among the artifacts are shown", { skip }, async () => {
  const { page } = ui;
  await ui.show(`${runPlace()}/artifacts`);
  await page.getByText("notes", { exact: true }).click();
  await page.getByText("hello.txt", { exact: true }).click();
  await page.getByText("Hello from the artifacts").waitFor();
  await page.getByText("table.csv", { exact: true }).click();
  await page.getByText("riesling").waitFor();
  await page.getByText("plot.png", { exact: true }).click();
  const width = () =>
    page.locator("main img").evaluateAll((all) => all.some((one) => Reflect.get(one, "naturalWidth") === 64));
  await until("the picture", width, 30_000);
  await page.getByText("page.html", { exact: true }).click();
  await page.frameLocator("iframe").getByRole("heading", { name: "A page among the artifacts" }).waitFor();
});

test("runs are compared side by side", { skip }, async () => {
  const { page } = ui;
  const runs = encodeURIComponent(JSON.stringify(wine.runIds));
  await ui.show(`/compare-runs?runs=${runs}&experiments=${encodeURIComponent(JSON.stringify([wine.experiment_id]))}`);
  await page.getByRole("heading", { name: "Comparing 3 Runs from 1 Experiment" }).waitFor();
  for (const text of ["run-1", "run-2", "0.025", "0.05", "0.075", "0.2"]) {
    await page.getByText(text, { exact: true }).first().waitFor();
  }
  await page.locator(".js-plotly-plot .parcoords").first().waitFor({ state: "attached" });
  await page.getByRole("tab", { name: "Scatter Plot" }).click();
  await page.locator(".js-plotly-plot .ytitle", { hasText: "accuracy" }).waitFor();
  await page.getByRole("tab", { name: "Contour Plot" }).click();
  await page.locator(".js-plotly-plot .contourlayer .contour").first().waitFor({ state: "attached" });
});

test("logged models are listed, shown with their files, and registered", { skip }, async () => {
  const { page } = ui;
  await ui.show(`/experiments/${wine.experiment_id}/models`);
  await page.getByRole("link", { name: "model-1", exact: true }).click();
  await page.getByRole("heading", { name: "model-1" }).waitFor();
  await page.getByText("0.625", { exact: true }).first().waitFor();
  await ui.show(`/experiments/${wine.experiment_id}/models/${wine.modelIds[1]}/artifacts`);
  await page.getByText("MLmodel", { exact: true }).click();
  await page.getByText("loader_module: mlflow.sklearn").waitFor();
  await page.getByRole("button", { name: "Register model" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox").click();
  await page.getByTitle("cellar", { exact: true }).click();
  const made = ui.answered("/model-versions/create");
  await dialog.getByRole("button", { name: "Register" }).click();
  const { model_version } = Object(await made);
  assert.deepEqual([model_version.version, model_version.run_id], ["2", wine.runIds[1]]);
  await dialog.waitFor({ state: "detached" });
});

test("registered models and their versions are shown", { skip }, async () => {
  const { page } = ui;
  await ui.show("/models");
  await page.getByRole("link", { name: "cellar" }).waitFor();
  await ui.show("/models/cellar");
  await page.getByText("What the cellar serves.").waitFor();
  for (const name of ["Version 1", "Version 2"]) await page.getByRole("link", { name }).waitFor();
  await page.getByText("champion").waitFor();
  await ui.show("/models/cellar/versions/1");
  await page.getByRole("heading", { name: "Version 1" }).waitFor();
  await page.getByRole("link", { name: "best run" }).waitFor();
  await page.getByText("Inputs (1)").waitFor();
});

test("a version takes a description and tags", { skip }, async () => {
  const { page } = ui;
  await ui.show("/models/cellar/versions/2");
  await page.getByTestId("descriptionEditButton").click();
  await page.getByTestId("text-area").fill("Second *bottle*.");
  await page.getByTestId("editable-note-save-button").click();
  await page.locator("em", { hasText: "bottle" }).waitFor();
  await page.getByRole("button", { name: "Tags", exact: true }).click();
  await page.getByTestId("tags-form-input-name").fill("colour");
  await page.getByTestId("tags-form-input-value").fill("red");
  await page.getByTestId("add-tag-button").click();
  await page.getByRole("cell", { name: "colour" }).waitFor();
  const { description, tags } = await service.store.getModelVersion({ name: "cellar", version: "2" });
  assert.deepEqual([description, tags], ["Second *bottle*.", [{ key: "colour", value: "red" }]]);
});

test("a run is deleted, found among the deleted ones, and restored", { skip }, async () => {
  const { page } = ui;
  await ui.show(runsPlace());
  const first = page.getByLabel(/Press Space to toggle row selection/).first();
  await page.getByRole("link", { name: "run-2", exact: true }).waitFor();
  await first.check();
  await page.getByTestId("runs-delete-button").click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete selected" }).click();
  await page.getByRole("link", { name: "run-2", exact: true }).waitFor({ state: "detached" });
  assert.equal((await run(2)).info.lifecycle_stage, "deleted");
  await page.getByTestId("lifecycle-filter").click();
  await page.getByTestId("deleted-runs-menu-item").click();
  await page.getByText("1 matching run").waitFor();
  await first.check();
  await page.getByRole("main").getByRole("button", { name: "Restore" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restore" }).click();
  await until("the run is restored", async () => (await run(2)).info.lifecycle_stage === "active", 30_000);
});

test("no request was refused and no page broke", { skip }, () => {
  assert.deepEqual(ui.problems, []);
  assert.deepEqual(service.errors, []);
  for (const path of ["/graphql", "/get-artifact", "/model-versions/get-artifact"]) assert.ok(ui.asked.has(path), path);
});

function names(answer: unknown, list: string): string[] {
  return Object(answer)[list].map(({ name }: { name: string }) => name);
}
