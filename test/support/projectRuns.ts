import { mkdtemp, readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { shellUnquote } from "../../src/projects/shellQuote.ts";
import type { Ended } from "./mlflowRun.ts";
import { readRecord } from "./recordingPrograms.ts";
import type { TestServer } from "./runner.ts";

// What is compared of a run that Python's `mlflow run` made and of the same run by `flowdeck run`.

export interface RunFacts {
  status: string;
  params: Record<string, string>;
  tags: Record<string, string>;
  ended: boolean;
}

/** What the command found: see SEEN. */
export interface Seen {
  argv: string[];
  cwd: string;
  variables: Record<string, string>;
}

export interface Outcome {
  code: number | null;
  runs: RunFacts[];
  seen: Seen[];
  /**
   * Calls of recording programs, but for those that only ask whether a program works, and for docker's images: MLflow asks the
   * daemon for them, Flowdeck its program.
   */
  calls: string[][];
  /** What docker's daemon, a cluster and a workspace were asked over HTTP, where all of it must be equal. */
  asked?: string[];
  /** Of an image that `docker build` was asked for. */
  dockerfile?: string;
}

/** The command's script: it tells what it was given. */
export const SEEN = `import json, os, sys
names = ("MLFLOW_", "EXTRA_")
hidden = ("MLFLOW_TRACKING_TOKEN", "MLFLOW_ENV_ROOT", "MLFLOW_DISABLE_TELEMETRY", "MLFLOW_CONDA_CREATE_ENV_CMD", "MLFLOW_CONDA_HOME")
found = {k: v for k, v in os.environ.items() if k.startswith(names) and k not in hidden}
with open(os.environ["SEEN"], "a") as file:
    print(json.dumps({"argv": sys.argv[1:], "cwd": os.getcwd(), "variables": found}), file=file)
`;

/** A side's own files: what its commands and the recording programs write. */
export async function sideFiles(folder: string) {
  const place = await mkdtemp(join(folder, "side-"));
  return { SEEN: join(place, "seen"), RECORD: join(place, "record") };
}

export async function readOutcome(
  { store }: TestServer,
  experiment_name: string,
  { code }: Ended,
  files: { SEEN: string; RECORD: string },
  asked?: readonly string[],
): Promise<Outcome> {
  const experiments = await store.searchExperiments({ filter: `name = '${experiment_name}'` });
  const experiment_ids = experiments.items.map(({ experiment_id }) => experiment_id);
  const found =
    experiment_ids.length === 0 ? [] : (await store.searchRuns({ experiment_ids, order_by: ["start_time"] })).items;
  const ids = new Map(found.map(({ info }, index) => [info.run_id, `RUN ${index}`]));
  const plain = (text: string) => normal(text, ids, experiment_ids[0] ?? "none");
  const record = (pairs: { key: string; value: string }[]) =>
    Object.fromEntries(pairs.map(({ key, value }) => [key, plain(value)]));
  const seen = existsSync(files.SEEN) ? (await readFile(files.SEEN, "utf8")).trim().split("\n") : [];
  return {
    code,
    runs: found.map(({ info, data }) => ({
      status: info.status,
      params: record(data.params),
      tags: record(data.tags),
      ended: info.end_time !== undefined,
    })),
    seen: seen.map((line) => JSON.parse(plain(line)) as Seen),
    calls: withoutRepeats(await readRecord(files.RECORD)).map((call) => call.map(plain)),
    ...(asked === undefined ? {} : { asked: asked.map((request) => onceOnly(plain(request))) }),
    ...(existsSync(`${files.RECORD}.dockerfile`)
      ? { dockerfile: await readFile(`${files.RECORD}.dockerfile`, "utf8") }
      : {}),
  };
}

/** Flowdeck looks for an environment once more when no other run can be making it. */
function withoutRepeats(calls: string[][]): string[][] {
  const counted = calls.filter((call) => !isAside(call));
  return counted.filter((call, index) => !call.includes("list") || call.join() !== counted[index - 1]?.join());
}

function isAside([program, verb, ...more]: string[]): boolean {
  return (
    [verb, ...more].includes("--help") || (program === "docker" && ["image", "pull", "build"].includes(verb ?? ""))
  );
}

/** Names that hold the time, and ids of experiments in what is asked of others. */
function onceOnly(request: string): string {
  return request
    .replaceAll(/-\d{4}(-\d\d){5}-\d{6}\b/g, "-TIME")
    .replaceAll(/(MLFLOW_EXPERIMENT_ID",\s*"value":\s*|MLFLOW_EXPERIMENT_ID":\s*)"\d+"/g, '$1"EXPERIMENT"')
    .replaceAll(/(mlflow-experiments\/)\d+\//g, "$1EXPERIMENT/")
    .replaceAll(/\b[0-9a-f]{64}\b/g, "HASH");
}

/** Ids, and folders that are made for one run only, have the same names on both sides. */
function normal(text: string, ids: ReadonlyMap<string, string>, experiment_id: string): string {
  let plain = text;
  for (const [id, name] of ids) plain = plain.replaceAll(id, name);
  return plain
    .replaceAll(`"MLFLOW_EXPERIMENT_ID": "${experiment_id}"`, '"MLFLOW_EXPERIMENT_ID": "EXPERIMENT"')
    .replaceAll(`MLFLOW_EXPERIMENT_ID=${experiment_id}`, "MLFLOW_EXPERIMENT_ID=EXPERIMENT")
    .replaceAll(new RegExp(`mlruns/${experiment_id}/`, "g"), "mlruns/EXPERIMENT/")
    .replaceAll(/\/tmp\/(tmp\w{8}|flowdeck-project-\w{6}|flowdeck-worktree-\w{6}\/project)/g, "FETCHED")
    .replaceAll(/(storage)\/(tmp\w{8}|flowdeck-\w{6})/g, "$1/FETCHED");
}

/** Where Flowdeck does otherwise on purpose: what MLflow's outcome would be then. Each is told in docs/running-projects.md. */
export const BETTERMENTS: Record<string, (outcome: Outcome) => Outcome> = {
  "values are logged as they were given, not shell-quoted": (outcome) => ({
    ...outcome,
    runs: outcome.runs.map((run) => ({
      ...run,
      params: Object.fromEntries(Object.entries(run.params).map(([key, value]) => [key, shellUnquote(value)])),
    })),
  }),
  "what fails before the command runs leaves no run behind": (outcome) => ({ ...outcome, runs: [] }),
  "docker is asked whether it answers before a run is created": (outcome) => ({
    ...outcome,
    calls: [["docker", "info"], ...outcome.calls],
  }),
  "what another backend leaves open is closed": (outcome) => ({
    ...outcome,
    runs: outcome.runs.map((run) => ({ ...run, status: "FAILED", ended: true })),
  }),
  "a project that declares no environment runs in the present one": (outcome) => ({
    ...outcome,
    runs: outcome.runs.map((run) => withoutTag(run, "mlflow.project.env")),
  }),
  "a version of a repository of this machine runs in a folder of its own": (outcome) => ({
    ...outcome,
    runs: outcome.runs.map((run) => withoutTag(run, "mlflow.source.git.repoURL")),
    seen: outcome.seen.map((seen) => ({ ...seen, cwd: "FETCHED" })),
  }),
  "a file: URI is named by its path": (outcome) => ({
    ...outcome,
    runs: outcome.runs.map(({ tags, ...run }) => {
      const name = tags["mlflow.source.name"]?.replace(/^FETCHED\/file:/, "") ?? "";
      return { ...run, tags: { ...tags, "mlflow.source.name": name } };
    }),
  }),
  "an environment manager that does not exist is a usage error": (outcome) => ({ ...outcome, code: 2 }),
  "a container finds its server, is found by its run, and gets what is copied without showing it": (outcome) => ({
    ...outcome,
    calls: outcome.calls.map((call) => betterContainer(call)),
  }),
};

/** As above, where the person has named a network. */
BETTERMENTS["a container gets its token, and is found by its run"] = (outcome) => ({
  ...outcome,
  calls: outcome.calls.map((call) => betterContainer(call, [])),
});

function withoutTag(run: RunFacts, key: string): RunFacts {
  return { ...run, tags: Object.fromEntries(Object.entries(run.tags).filter(([tag]) => tag !== key)) };
}

function betterContainer(call: string[], network = ["--network", "host"]): string[] {
  if (call[0] !== "docker" || call[1] !== "run") return call;
  const first = call.findIndex((word) => word === "-v" || word === "-e");
  const last = call.findLastIndex((word) => word === "-e") + 2;
  const words = [
    ...call.slice(0, first),
    ...[...network, "--label", "flowdeck.run_id=RUN 0"],
    ...call.slice(first, last),
    ...["-e", "MLFLOW_TRACKING_TOKEN"],
    ...call.slice(last),
  ];
  return words.map((word) => word.replace(/^(EXTRA_COPIED)=.*/s, "$1"));
}
