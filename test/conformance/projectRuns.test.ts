import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { findKubernetes, findPython, root, shared, skipWithout } from "../support/environment.ts";
import { backendShapes } from "../support/backendShapes.ts";
import { gitIn } from "../support/gitServer.ts";
import { flowdeckRun, startMlflowRun, type Ended, type Invocation } from "../support/mlflowRun.ts";
import { projectGround, type ProjectGround } from "../support/projectGround.ts";
import { BETTERMENTS, readOutcome, SEEN, sideFiles, type Outcome } from "../support/projectRuns.ts";
import { projectShapes, type Shape } from "../support/projectShapes.ts";
import { realProjectShapes } from "../support/realProjectShapes.ts";
import { rowShapes } from "../support/rowShapes.ts";
import { projectWith } from "../support/runner.ts";

// The same project, run by Python's real `mlflow run` 3.17.2 and by `flowdeck run`: status, params, tags, exit code, what the command was
// given, and what docker and conda were asked, are equal but for the betterments of a table. docker, conda and pyenv are recording programs.
import { SPEC_ROWS, specSections } from "../support/specRows.ts";

const python = findPython();
const skip = skipWithout(python, "Python with mlflow");
const PRINT_VERSION = ["-c", "import platform; print(platform.python_version())"];
const version = python === undefined ? "" : execFileSync(python, PRINT_VERSION, { encoding: "utf8" }).trim();

let ground: ProjectGround;
let mlflowRun: (call: Invocation) => Promise<Ended>;
before(async () => {
  if (python === undefined) return;
  ground = await projectGround(python, version);
  mlflowRun = startMlflowRun(ground.server.tracking_uri);
});

async function outcomeOf(shape: Shape, side: "flowdeck" | "mlflow", project: string): Promise<[Outcome, Ended]> {
  const { server, programs, daemon, cloud, work } = ground;
  const experiment = `${shape.name} by ${side}`.replaceAll("'", "");
  const files = await sideFiles(work);
  let experiment_id: string | undefined;
  const newRun = async () => {
    experiment_id = (await server.store.createExperiment({ name: experiment })).experiment_id;
    return (await server.store.createRun({ experiment_id, start_time: Date.now() })).info.run_id;
  };
  const args = await shape.args({ ...ground, project, newRun });
  const env = {
    ...process.env,
    PATH: [programs.bin, dirname(python ?? ""), process.env["PATH"]].join(":"),
    MLFLOW_TRACKING_URI: server.tracking_uri,
    MLFLOW_TRACKING_TOKEN: server.token,
    MLFLOW_DISABLE_TELEMETRY: "true",
    MLFLOW_ENV_ROOT: join(work, "envs"),
    DOCKER_HOST: daemon.host,
    XDG_STATE_HOME: join(work, "state"),
    GIT_TERMINAL_PROMPT: "0",
    ...files,
    ...shape.env?.(ground),
  };
  const experimentArgs =
    experiment_id === undefined ? ["--experiment-name", experiment] : ["--experiment-id", experiment_id];
  daemon.requests = [];
  cloud.requests = [];
  const call = { args: [...args, ...experimentArgs], cwd: project, env };
  const ended = await (side === "flowdeck" ? flowdeckRun(call) : mlflowRun(call));
  const asked = [...daemon.requests, ...cloud.requests];
  const outcome = await readOutcome(server, experiment, ended, files, shape.handedOver === true ? asked : undefined);
  if (!args.includes("--run-name")) for (const run of outcome.runs) delete run.tags["mlflow.runName"];
  return [outcome, ended];
}

function commitAll(folder: string): void {
  const git = gitIn(folder);
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "-m", "all");
}

/** Why a shape cannot be run here; false when it can. */
function skipOf({ real, needs }: Shape): string | false {
  if (skip !== false) return skip;
  const file = real === undefined ? root : shared("mlprojects", `${real}.MLproject`);
  if (needs === "kubernetes" && findKubernetes() === undefined)
    return "the Python package kubernetes is not on this machine";
  return skipWithout(file, "../shared/mlprojects");
}

const shapes = [
  ...[...projectShapes(version), ...rowShapes(version)],
  ...[...realProjectShapes(version), ...backendShapes],
];
for (const shape of shapes) {
  test(`${shape.name}: as mlflow runs it`, { skip: skipOf(shape) }, async () => {
    const project = await realpath(await projectWith({ "seen.py": SEEN, ...shape.files }));
    if (shape.real !== undefined)
      await copyFile(shared("mlprojects", `${shape.real}.MLproject`) ?? "", join(project, "MLproject"));
    if (shape.inGit === true) commitAll(project);
    const sides = shape.first === "flowdeck" ? (["flowdeck", "mlflow"] as const) : (["mlflow", "flowdeck"] as const);
    const found = new Map<string, [Outcome, Ended]>();
    for (const side of sides) found.set(side, await outcomeOf(shape, side, project));
    const [[ours, oursEnded], [theirs, theirsEnded]] = [found.get("flowdeck"), found.get("mlflow")] as [
      [Outcome, Ended],
      [Outcome, Ended],
    ];
    const everywhere = shape.handedOver === true ? [] : ["values are logged as they were given, not shell-quoted"];
    const names = [...everywhere, ...(shape.otherwise ?? [])];
    const expected = names.reduce((outcome, name) => BETTERMENTS[name]?.(outcome) ?? outcome, theirs);
    const { dockerfile, ...comparable } = ours;
    try {
      assert.deepEqual(comparable, expected);
      if (shape.code !== undefined) assert.equal(ours.code, shape.code);
      shape.does?.(ours, ground);
      if (dockerfile !== undefined) assert.match(shape.name, /image built/);
    } catch (error) {
      process.stderr.write(`flowdeck: ${oursEnded.printed}\n\nmlflow: ${theirsEnded.printed}\n`);
      throw error;
    }
  });
}

const sections = specSections();
for (const number of [2, 5, 7]) {
  const rows = SPEC_ROWS.filter(({ section }) => section === number);
  test(`each of the ${rows.length} rows of the spec's §${number} has a shape`, {
    skip: skipWithout(sections?.get(2), "../shared"),
  }, () => {
    const text = sections?.get(number)?.replaceAll(/\s+/g, " ") ?? "";
    for (const { row, shapes: wanted = [], elsewhere } of rows) {
      assert(text.includes(row), `the spec does not say: ${row}`);
      assert(wanted.length > 0 || elsewhere !== undefined, `no shape shows: ${row}`);
      for (const name of wanted)
        assert(
          shapes.some((shape) => shape.name.startsWith(name)),
          `${row}: no shape is: ${name}`,
        );
    }
  });
}

test("at least twelve of the shapes are real projects of other people", () => {
  assert(new Set(shapes.flatMap(({ real }) => (real === undefined ? [] : [real]))).size >= 12);
});
