import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { shellQuote } from "../../src/projects/shellQuote.ts";
import { temporaryFolder } from "../support/environment.ts";
import { startServer, type TestServer } from "../support/runner.ts";
import { commit, git, startWorkflow, workflowProject } from "../support/workflow.ts";

let server: TestServer;
before(async () => {
  server = await startServer();
});

const asRecord = (pairs: { key: string; value: string }[]) =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, value]));

async function childrenOf(run_id: string | undefined) {
  const { experiment_id } = (await server.store.getRun({ run_id: run_id ?? "" })).info;
  const filter = `tags.\`mlflow.parentRunId\` = '${run_id}'`;
  return (await server.store.searchRuns({ experiment_ids: [experiment_id], filter, order_by: ["start_time ASC"] }))
    .items;
}

/** `evaluate` fails as long as there is no file `mended`. */
const FOUR = {
  MLproject: `
entry_points:
  prepare: {command: "echo prepared >> ran.txt"}
  train: {parameters: {data: string, alpha: float}, command: "echo trained {alpha} on {data} >> ran.txt"}
  evaluate: {parameters: {of: string}, command: "test -e mended && echo evaluated >> ran.txt"}
  report: {parameters: {of: string}, command: "echo reported >> ran.txt"}
`,
  "workflow.mlflow.yaml": `
name: Four steps
experiment_name: four
parameters: {alpha: {type: float, default: 0.5}}
steps:
  prepare:
  train: {parameters: {data: "\${{ steps.prepare.run_id }}", alpha: "\${{ workflow.parameters.alpha }}"}}
  evaluate: {parameters: {of: "\${{ steps.train.run_id }}"}}
  report: {parameters: {of: "\${{ steps.evaluate.run_id }}"}}
`,
  ".gitignore": "ran.txt\nmended\n",
};

test("a workflow whose third step fails goes on from there, is reused as a whole then, and runs again when its code changes", async () => {
  const folder = workflowProject(FOUR);
  const ran = () => readFileSync(join(folder, "ran.txt"), "utf8").trim().split("\n");

  const first = await startWorkflow(server, folder, { parameters: [["alpha", "0.7"]] });
  assert.deepEqual(
    first.statuses,
    ["prepare finished", "train finished", "evaluate failed", "report blocked"],
    first.printed,
  );
  assert.deepEqual(
    [first.state.status, first.run?.info.status, first.state.problem],
    ["FAILED", "FAILED", "evaluate failed."],
  );
  assert.equal(first.workflow?.steps[3]?.reason, "Will not start: evaluate failed.");
  assert.deepEqual(
    [first.run?.info.run_name, asRecord(first.run?.data.params ?? [])],
    ["Four steps", { alpha: "0.7" }],
  );
  const children = await childrenOf(first.state.run_id);
  assert.deepEqual(
    children.map(({ info }) => [info.run_name, info.status]),
    [
      ["prepare", "FINISHED"],
      ["train", "FINISHED"],
      ["evaluate", "FAILED"],
    ],
  );
  assert.deepEqual(asRecord(children[1]?.data.params ?? []), { data: children[0]?.info.run_id, alpha: "0.7" });

  writeFileSync(join(folder, "mended"), "");
  const second = await startWorkflow(server, folder, { resume: {} });
  assert.equal(second.state.run_id, first.state.run_id);
  assert.deepEqual(second.statuses, ["prepare finished", "train finished", "evaluate finished", "report finished"]);
  assert.deepEqual(
    [second.run?.info.status, second.workflow?.resumed, second.workflow?.problem],
    ["FINISHED", 1, undefined],
  );
  assert.deepEqual(
    second.workflow?.steps[2]?.tries.map(({ status, exitCode }) => [status, exitCode]),
    [
      ["failed", 1],
      ["finished", undefined],
    ],
  );
  assert.deepEqual(ran(), ["prepared", `trained 0.7 on ${children[0]?.info.run_id}`, "evaluated", "reported"]);

  const third = await startWorkflow(server, folder, { parameters: [["alpha", "0.7"]] });
  assert.notEqual(third.state.run_id, first.state.run_id);
  assert.deepEqual(
    third.statuses,
    ["prepare cached", "train cached", "evaluate cached", "report cached"],
    third.printed,
  );
  assert.equal(third.workflow?.steps[0]?.run_id, children[0]?.info.run_id);
  assert.match(
    third.workflow?.steps[1]?.reason ?? "",
    /^Reused because the entry point, its parameters, commit [0-9a-f]{7} and the environment are those of train \(\w{32}\)\.$/,
  );
  assert.deepEqual([ran().length, (await childrenOf(third.state.run_id)).length], [4, 0]);

  const other = await startWorkflow(server, folder);
  assert.deepEqual(other.statuses, ["prepare cached", "train finished", "evaluate finished", "report finished"]);
  assert.equal(other.workflow?.steps[1]?.reason, "Not reused: no finished run of train has these parameters.");

  writeFileSync(join(folder, "helper.py"), "x = 1\n");
  const changed = await startWorkflow(server, folder);
  assert.deepEqual(changed.statuses, ["prepare finished", "train finished", "evaluate finished", "report finished"]);
  assert.match(
    changed.workflow?.steps[0]?.reason ?? "",
    /^Not reused: the code was another when prepare ran \(now \w{7} with changes\)\.$/,
  );
  const again = await startWorkflow(server, folder);
  assert.deepEqual(again.statuses, ["prepare cached", "train cached", "evaluate cached", "report cached"]);
  commit(folder);
  assert.equal((await startWorkflow(server, folder)).statuses[0], "prepare finished");
  assert.equal((await startWorkflow(server, folder, { cache: false })).statuses[0], "prepare finished");
});

test("without git nothing is reused, and the reason is told", async () => {
  const files = {
    MLproject: 'entry_points: {a: {command: "true"}}',
    "workflow.mlflow.yaml": "experiment_name: no git\nsteps: {a: }\n",
  };
  const folder = workflowProject(files, false);
  await startWorkflow(server, folder);
  const again = await startWorkflow(server, folder);
  assert.deepEqual(again.statuses, ["a finished"]);
  assert.match(again.workflow?.steps[0]?.reason ?? "", /has no git commit/);
});

test("a step that is needed but not used makes those behind it run again, and is waited for", async () => {
  const folder = workflowProject({
    MLproject: `
entry_points:
  a: {parameters: {x: {default: "1"}}, command: "sleep 0.3; echo {x} > out.txt"}
  b: {command: "cat out.txt"}
`,
    "workflow.mlflow.yaml": `
experiment_name: needs
parameters: {x: {default: "1"}}
steps:
  b: {needs: a}
  a: {parameters: {x: "\${{ workflow.parameters.x }}"}}
`,
    ".gitignore": "out.txt",
  });
  const first = await startWorkflow(server, folder);
  assert.deepEqual(first.statuses, ["b finished", "a finished"]);
  assert.deepEqual((await startWorkflow(server, folder)).statuses, ["b cached", "a cached"]);
  const other = await startWorkflow(server, folder, { parameters: [["x", "2"]] });
  assert.deepEqual(other.statuses, ["b finished", "a finished"]);
  assert.equal(other.workflow?.steps[0]?.reason, "Not reused: a, which it needs, ran again.");
  assert.match(other.printed, /^\[b\] 2$/m);
  // Of the two runs of `b` the older one saw what `a` left behind with 1.
  const back = await startWorkflow(server, folder);
  assert.deepEqual(back.statuses, ["b cached", "a cached"]);
  assert.equal(back.workflow?.steps[0]?.run_id, first.workflow?.steps[0]?.run_id);
});

test("of two steps that run the same, each is reused as itself, so that what follows is reused as well", async () => {
  const folder = workflowProject({
    MLproject: `entry_points: {same: {command: "true"}, after: {parameters: {of: string}, command: "echo {of}"}}`,
    "workflow.mlflow.yaml": `
experiment_name: twins
max_parallel: 1
steps:
  one: {entry_point: same}
  two: {entry_point: same}
  after: {needs: two, parameters: {of: "\${{ steps.one.run_id }}"}}
`,
  });
  const first = await startWorkflow(server, folder, { cache: false });
  assert(
    first.statuses.every((status) => status.endsWith(" finished")),
    first.printed,
  );
  const again = await startWorkflow(server, folder);
  assert.deepEqual(again.statuses, ["one cached", "two cached", "after cached"], again.printed);
});

test("independent steps run side by side, as many as are allowed", async () => {
  const folder = workflowProject({
    // Each waits for the other, and gives up after a while.
    MLproject: `
entry_points:
  meet: {parameters: {me: string, you: string}, command: "touch {me}; for i in $(seq 2400); do test -e {you} && exit 0; sleep 0.05; done; exit 1"}
`,
    "workflow.mlflow.yaml": `
steps:
  left: {entry_point: meet, parameters: {me: l, you: r}}
  right: {entry_point: meet, parameters: {me: r, you: l}}
`,
  });
  const both = await startWorkflow(server, folder, { experiment_name: "side by side" });
  assert.deepEqual(both.statuses, ["left finished", "right finished"]);
  const children = await childrenOf(both.state.run_id);
  assert(
    Math.max(...children.map(({ info }) => info.start_time ?? 0)) <=
      Math.min(...children.map(({ info }) => info.end_time ?? 0)),
  );

  const turns = workflowProject({
    MLproject: `entry_points: {turn: {parameters: {me: string}, command: "mkdir busy && sleep 0.2 && rmdir busy"}}`,
    "workflow.mlflow.yaml": `
max_parallel: 1
steps:
  a: {entry_point: turn, parameters: {me: a}}
  b: {entry_point: turn, parameters: {me: b}}
`,
  });
  assert.deepEqual((await startWorkflow(server, turns)).statuses, ["a finished", "b finished"]);
});

test("a step is tried again as often as it may be; one that may fail does not keep the others from running", async () => {
  const folder = workflowProject({
    MLproject: `
entry_points:
  flaky: {command: "echo x >> tries.txt; test $(wc -l < tries.txt) -ge 3"}
  broken: {command: "exit 7"}
  after: {parameters: {a: string, b: string}, command: "true"}
`,
    "workflow.mlflow.yaml": `
steps:
  flaky: {retries: {count: 3, delay: 0.05}}
  broken: {continue_on_error: true, retries: 1}
  after: {parameters: {a: "\${{ steps.flaky.run_id }}", b: "\${{ steps.broken.run_id }}"}}
`,
  });
  const { state, workflow, statuses, printed } = await startWorkflow(server, folder, { experiment_name: "retries" });
  assert.deepEqual(
    [state.status, statuses],
    ["FINISHED", ["flaky finished", "broken failed", "after finished"]],
    printed,
  );
  const tries = (name: string) =>
    workflow?.steps.find((step) => step.name === name)?.tries.map(({ status, exitCode }) => [status, exitCode]);
  assert.deepEqual(tries("flaky"), [
    ["failed", 1],
    ["failed", 1],
    ["finished", undefined],
  ]);
  assert.deepEqual(tries("broken"), [
    ["failed", 7],
    ["failed", 7],
  ]);
  assert.match(printed, /^\[broken\] failed: exit code 7; no try left$/m);
});

test("what a step uses of another is what that one was given or logged, and every value reaches the command as it is, also where params are logged in quotes", async () => {
  const nasty = `a'b"c $HOME \`id\` $(id) \\ ; & | é 漢\n two {x} {{y}} %s`;
  const folder = workflowProject({
    MLproject: `
entry_points:
  log:
    parameters: {value: string}
    command: >-
      curl -s -H "Authorization: Bearer $MLFLOW_TRACKING_TOKEN" -H 'content-type: application/json'
      -d '{{"run_id": "'$MLFLOW_RUN_ID'", "key": "val.rows", "value": 2.5, "timestamp": 1, "step": 0}}'
      $MLFLOW_TRACKING_URI/api/2.0/mlflow/runs/log-metric
  use: {parameters: {value: string, rows: float, uri: string}, command: "printf '%s\\\\n' {value} {rows} {uri} > used.txt"}
`,
    "workflow.mlflow.yaml": `
parameters: {given: string}
steps:
  log: {parameters: {value: "\${{ workflow.parameters.given }}"}}
  use:
    parameters:
      value: <\${{ steps.log.params.value }}|\${{ '\${{' }}>
      rows: \${{ steps.log.metrics.val.rows }}
      uri: \${{ steps.log.artifact_uri }}
`,
  });
  for (const paramQuoting of ["raw", "mlflow"] as const) {
    const { statuses, printed, state } = await startWorkflow(server, folder, {
      experiment_name: `values ${paramQuoting}`,
      parameters: [["given", nasty]],
      paramQuoting,
    });
    assert.deepEqual(statuses, ["log finished", "use finished"], printed);
    const [log, use] = await childrenOf(state.run_id);
    const expected = `<${nasty}|\${{>\n2.5\n${log?.info.artifact_uri}\n`;
    assert.equal(readFileSync(join(folder, "used.txt"), "utf8"), expected, paramQuoting);
    const value = `<${nasty}|\${{>`;
    assert.equal(asRecord(use?.data.params ?? [])["value"], paramQuoting === "raw" ? value : shellQuote(value));
  }
});

test("a step runs a version of another repository, in a worktree of it, and is reused as such", async () => {
  const other = workflowProject({ MLproject: 'entry_points: {say: {command: "cat said.txt"}}', "said.txt": "old\n" });
  git(other, "tag", "v1");
  writeFileSync(join(other, "said.txt"), "new\n");
  const folder = workflowProject({
    "workflow.mlflow.yaml": `
experiment_name: versions
steps:
  old: {project: "${other}", version: v1, entry_point: say}
  new: {project: "${other}", entry_point: say}
`,
  });
  const first = await startWorkflow(server, folder);
  assert.deepEqual(first.statuses, ["old finished", "new finished"], first.printed);
  assert.match(first.printed, /^\[old\] old$/m);
  assert.match(first.printed, /^\[new\] new$/m);
  const old = (await childrenOf(first.state.run_id)).find(({ info }) => info.run_name === "old");
  assert.equal(asRecord(old?.data.tags ?? [])["mlflow.source.git.commit"], git(other, "rev-parse", "v1"));
  assert.deepEqual((await startWorkflow(server, folder)).statuses, ["old cached", "new cached"]);
  assert.equal(git(other, "worktree", "list").split("\n").length, 1);
});

test("a metric that was not logged fails the step that uses it, in a sentence", async () => {
  const folder = workflowProject({
    MLproject: `entry_points: {a: {command: "true"}, b: {parameters: {x: float}, command: "echo {x}"}}`,
    "workflow.mlflow.yaml": "steps: {a: , b: {parameters: {x: '${{ steps.a.metrics.rmse }}'}}}\n",
  });
  const { statuses, workflow, state } = await startWorkflow(server, folder, { experiment_name: "no metric" });
  assert.deepEqual([statuses, state.status], [["a finished", "b failed"], "FAILED"]);
  assert.equal(workflow?.steps[1]?.tries[0]?.problem, "a logged no metric rmse; it logged none.");
});

const refused: [what: string, request: object, file: string, sentence: RegExp][] = [
  [
    "an entry point that is not there",
    {},
    "steps: {b: }",
    /^workflow\.mlflow\.yaml, line 1: No entry point is called `b`/,
  ],
  [
    "steps that wait for each other",
    {},
    "steps: {a: {needs: c}, c: {entry_point: a, needs: a}}",
    /so that none can start: a → c → a/,
  ],
  [
    "a value that is no number",
    { parameters: [["n", "x"]] },
    "parameters: {n: float}\nsteps: {a: }",
    /Expected a number for parameter n/,
  ],
  ["a parameter that is not declared", { parameters: [["m", "1"]] }, "steps: {a: }", /has no parameter m/],
  ["a value that is missing", {}, "parameters: {n: float}\nsteps: {a: }", /missing parameters: 'n'/],
  ["no run to go on with", { resume: {} }, "steps: {a: }", /No run of this workflow is in this experiment/],
];
for (const [what, request, file, sentence] of refused) {
  test(`${what}: one sentence, and no run is created`, async () => {
    const folder = workflowProject(
      { MLproject: 'entry_points: {a: {command: "true"}}', "workflow.mlflow.yaml": file },
      false,
    );
    const { state } = await startWorkflow(server, folder, { experiment_name: "refused", ...request });
    assert.deepEqual([state.status, state.run_id], ["FAILED", undefined]);
    assert.match(state.problem ?? "", sentence);
  });
}

test("a finished workflow is gone on with only from a step that is named, which runs again with those behind it", async () => {
  const folder = workflowProject({
    MLproject: `entry_points: {a: {command: "true"}, b: {parameters: {x: string}, command: "echo {x}"}}`,
    "workflow.mlflow.yaml":
      "experiment_name: from\nsteps: {a: , b: {parameters: {x: '${{ steps.a.run_id }}'}}, c: {entry_point: a, cache: no}}\n",
  });
  const first = await startWorkflow(server, folder);
  const refusedAgain = await startWorkflow(server, folder, { resume: {} });
  assert.match(refusedAgain.state.problem ?? "", /has finished: there is nothing to go on with/);
  const again = await startWorkflow(server, folder, { resume: { from: "b" }, cache: false });
  assert.equal(again.state.run_id, first.state.run_id);
  assert.deepEqual(
    again.workflow?.steps.map(({ name, tries }) => `${name} ${tries.length}`),
    ["a 1", "b 2", "c 1"],
  );
  const elsewhere = await startWorkflow(server, temporaryFolder());
  assert.match(elsewhere.state.problem ?? "", /cannot be read; does it exist\?/);
});
