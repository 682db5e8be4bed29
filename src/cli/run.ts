import { existsSync } from "node:fs";
import { join } from "node:path";
import { withoutCredentials } from "../projects/git.ts";
import { mlflowRunArgs, runElsewhere } from "../projects/otherBackends.ts";
import { prepareRun } from "../projects/prepare.ts";
import { runProject, sourceOf } from "../projects/run.ts";
import { RUN_USAGE, readRunOptions, type RunOptions } from "../projects/runOptions.ts";
import { shellQuote } from "../projects/shellQuote.ts";
import { print, resultLine, stopOnSignals } from "../projects/terminal.ts";
import { restStore } from "../store/rest/store.ts";
import { startLocalServer } from "./localServer.ts";
import { openRunFile } from "./runFiles.ts";

/** ms that a run goes on trying to tell its end to a server which went away. */
const PATIENCE = 60_000;

/** `flowdeck run …`; `args` are the words behind `run`. Exit codes as `mlflow run`: 0 finished, 1 failed, 2 not understood. */
export async function runCommand(args: string[]): Promise<number> {
  if (args.includes("--help")) {
    print(RUN_USAGE);
    return 0;
  }
  const options = await sayIfItFails(() => Promise.resolve(readRunOptions(args, process.env, process.cwd())));
  if (options === undefined) return 2;
  const succeeded = await sayIfItFails(() => (options.dryRun ? describe(options) : start(options)));
  return succeeded === true ? 0 : 1;
}

async function describe({ request, tracking }: RunOptions): Promise<boolean> {
  const whole = { ...request, tracking_uri: "" };
  if (tracking.kind === "elsewhere") {
    print(
      `$ mlflow ${mlflowRunArgs(whole)
        .map((word) => shellQuote(word))
        .join(" ")}`,
    );
    return true;
  }
  const source = await sourceOf(whole, { say: print, stop: stopOnSignals() });
  try {
    const { entry_point, values, command, environment } = await prepareRun({ ...whole, projectFolder: source.folder });
    print(`Flowdeck: entry point ${entry_point}, environment ${environment.manager} (${environment.detail})`);
    const place = tracking.kind === "server" ? withoutCredentials(tracking.tracking_uri) : tracking.file;
    print(`Logged to ${place}, in ${source.folder}`);
    for (const [name, value] of values.logged) print(`  ${name} = ${value}`);
    const { container, activation } = environment;
    const unknown = { run_id: "RUN_ID", experiment_id: "EXPERIMENT_ID", artifact_uri: "ARTIFACT_URI" };
    const tracking_uri = tracking.kind === "server" ? withoutCredentials(tracking.tracking_uri) : "TRACKING_URI";
    print(`$ ${container?.commandFor({ ...unknown, tracking_uri }) ?? activation}${command}`);
  } finally {
    await source.remove();
  }
  return true;
}

async function start({ request, tracking }: RunOptions): Promise<boolean> {
  const stop = stopOnSignals();
  if (tracking.kind === "elsewhere") {
    const { exitCode } = await runElsewhere({ ...request, tracking_uri: "" }, { say: print, stop });
    return exitCode === 0;
  }
  const local = tracking.kind === "database" ? await startLocalServer(serverProgram(), tracking.file) : undefined;
  try {
    const { tracking_uri, token } = tracking.kind === "server" ? tracking : { ...local };
    if (tracking_uri === undefined) return false;
    const server = { tracking_uri, ...(token === undefined ? {} : { token }) };
    const store = restStore(server);
    const place = tracking.kind === "server" ? withoutCredentials(tracking_uri) : `sqlite:///${tracking.file}`;
    const file = await openRunFile(place, store);
    const patientStore = restStore({ ...server, patience: PATIENCE });
    const { changed } = file;
    const state = await runProject({ ...request, ...server }, { store, patientStore, say: print, changed, stop });
    await file.done(state);
    print(resultLine(state));
    return state.status === "FINISHED";
  } finally {
    await local?.stop();
  }
}

/** The tracking server's program: beside the bundle, or in the sources. */
export function serverProgram(): string {
  const bundled = join(import.meta.dirname, "server.js");
  return existsSync(bundled) ? bundled : join(import.meta.dirname, "../server/main.ts");
}

/** Undefined, with the sentence on stderr, when `work` throws. */
export async function sayIfItFails<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    process.stderr.write(`Flowdeck: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}
