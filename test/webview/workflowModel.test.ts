import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import type { WorkflowOverview } from "../../src/protocol/panels/workflow.ts";
import { workflowModel } from "../../src/webview/panels/workflow/model.ts";
import { readWorkflowArrangement } from "../../src/webview/panels/workflow/savedView.ts";
import { step, workflow } from "./support/workflowSteps.ts";

/** A panel's model over a host of which only what it reads is real. */
function modelOf(overview: () => WorkflowOverview, saved = readWorkflowArrangement(undefined)) {
  const reads = { overview: 0, log: 0 };
  const host = {
    overview: async () => {
      reads.overview += 1;
      return overview();
    },
    stepLog: async () => {
      reads.log += 1;
      return { lines: [`read ${reads.log}`], isCut: false };
    },
  };
  const time = { now: () => 0, visible: signal(false) };
  // The border: the page's whole host has more, of which the model asks nothing.
  const model = workflowModel(
    host as unknown as Parameters<typeof workflowModel>[0],
    { uri: "u", run_id: "w" },
    saved,
    time,
  );
  return { model, reads };
}

const turn = () => new Promise((done) => setImmediate(done));
const change = (run_ids: string[], experiment_ids: string[] = []) => ({
  ...{ everything: false, models: false, run_ids, experiment_ids },
});

test("what its own runs log is read soon, what else happens in the experiment at leisure, other experiments never", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const seen = workflow([step("a", { run: { run_id: "r", run_name: "n" } })]);
  const { model, reads } = modelOf(() => seen);
  model.start();
  await turn();
  const after = async (ms: number) => {
    t.mock.timers.tick(ms);
    await turn();
    return reads.overview;
  };
  equal(await after(0), 1);
  await model.view.storeChanged(change(["r"], ["1"]));
  await model.view.storeChanged(change(["r"], ["1"]));
  equal(await after(100), 2);
  await model.view.storeChanged(change(["other"], ["1"]));
  equal(await after(100), 2);
  equal(await after(400), 3);
  await model.view.storeChanged(change(["far"], ["2"]));
  equal(await after(5000), 3);
  model.dispose();
});

test("the step that failed is chosen when the panel is first opened, and what the person chose from then on", async () => {
  const steps = [step("a", { status: "finished" }), step("b", { status: "failed" })];
  const first = modelOf(() => workflow(steps));
  first.model.start();
  await turn();
  equal(first.model.shown.value?.id, "b");
  first.model.select("");
  const again = modelOf(() => workflow(steps), first.model.arrangement.value);
  again.model.start();
  await turn();
  deepEqual([again.model.shown.value, again.model.entrance.value], [undefined, "a"]);
  equal(again.model.walk("up"), undefined);
});

test("the end of a log is read once, and again when its run changed", async () => {
  const { model, reads } = modelOf(() => workflow([step("a")]));
  model.start();
  await turn();
  const log = model.logOf("r");
  equal(model.logOf("r"), log);
  await turn();
  deepEqual([log.value?.lines, reads.log], [["read 1"], 1]);
  await model.view.storeChanged(change(["r"]));
  await turn();
  deepEqual(log.value?.lines, ["read 2"]);
  model.dispose();
});
