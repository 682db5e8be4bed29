import { existsSync } from "node:fs";
import { join } from "node:path";
import { startLocalServer } from "./localServer.ts";
import { projectFolderOf } from "../projects/projectUri.ts";
import { prepareRun, runProject } from "../projects/run.ts";
import { RUN_USAGE, readRunOptions, type RunOptions } from "../projects/runOptions.ts";
import { print, resultLine, stopOnSignals } from "../projects/terminal.ts";
import { restStore } from "../store/rest/store.ts";

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

async function describe({ projectUri, request, tracking }: RunOptions): Promise<boolean> {
  const projectFolder = projectFolderOf(projectUri, process.cwd());
  const { entry_point, values, command, environment } = await prepareRun({
    ...request,
    projectFolder,
    tracking_uri: "",
  });
  print(`Flowdeck: entry point ${entry_point}, environment ${environment.manager} (${environment.detail})`);
  print(`Logged to ${tracking.kind === "server" ? tracking.tracking_uri : tracking.file}, in ${projectFolder}`);
  for (const [name, value] of values.logged) print(`  ${name} = ${value}`);
  print(`$ ${environment.activation}${command}`);
  return true;
}

async function start({ projectUri, request, tracking }: RunOptions): Promise<boolean> {
  const projectFolder = projectFolderOf(projectUri, process.cwd());
  const stop = stopOnSignals();
  const local = tracking.kind === "database" ? await startLocalServer(serverProgram(), tracking.file) : undefined;
  try {
    const { tracking_uri, token } = tracking.kind === "server" ? tracking : { ...local };
    if (tracking_uri === undefined) return false;
    const server = { tracking_uri, ...(token === undefined ? {} : { token }) };
    const state = await runProject(
      { ...request, ...server, projectFolder },
      {
        store: restStore(server),
        patientStore: restStore({ ...server, patience: PATIENCE }),
        say: print,
        changed: () => Promise.resolve(),
        stop,
      },
    );
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
