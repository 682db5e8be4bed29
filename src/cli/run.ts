import { shownAddress } from "../projects/git.ts";
import type { ElsewhereContext } from "../projects/otherBackends.ts";
import { bareUri } from "../projects/projectUri.ts";
import { RUN_USAGE, readRunOptions, trackingOf, type RunOptions, type Tracking } from "../projects/runOptions.ts";
import { shellQuote } from "../projects/shellQuote.ts";
import { print, stopOnSignals } from "../projects/terminal.ts";
import { withServer } from "./withServer.ts";

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
    const { project_uri } = request;
    const { mlflowRunArgs } = await import("../projects/otherBackends.ts");
    const shown = project_uri === undefined ? whole : { ...whole, project_uri: shownAddress(bareUri(project_uri)) };
    const words = mlflowRunArgs(shown).map((word) => shellQuote(word));
    print(`$ mlflow ${words.join(" ")}`);
    return true;
  }
  const [{ sourceOf }, { prepareRun }] = await Promise.all([
    import("../projects/run.ts"),
    import("../projects/prepare.ts"),
  ]);
  const source = await sourceOf(whole, { say: print, stop: stopOnSignals() });
  try {
    const { entry_point, values, command, environment } = await prepareRun({ ...whole, projectFolder: source.folder });
    print(`Flowdeck: entry point ${entry_point}, environment ${environment.manager} (${environment.detail})`);
    const place = tracking.kind === "server" ? shownAddress(tracking.tracking_uri) : tracking.file;
    print(`Logged to ${place}, in ${source.folder}`);
    for (const [name, value] of values.logged) print(`  ${name} = ${value}`);
    const { container, activation } = environment;
    const unknown = { run_id: "RUN_ID", experiment_id: "EXPERIMENT_ID", artifact_uri: "ARTIFACT_URI" };
    const tracking_uri = tracking.kind === "server" ? shownAddress(tracking.tracking_uri) : "TRACKING_URI";
    print(`$ ${container?.commandFor({ ...unknown, tracking_uri }) ?? activation}${command}`);
  } finally {
    await source.remove();
  }
  return true;
}

async function start({ request, tracking }: RunOptions): Promise<boolean> {
  if (tracking.kind === "elsewhere") {
    const place = placeOf(process.env);
    const { runElsewhere } = await import("../projects/otherBackends.ts");
    const { exitCode } = await runElsewhere(
      { ...request, tracking_uri: "" },
      { say: print, stop: stopOnSignals(), ...place },
    );
    return exitCode === 0;
  }
  return withServer(tracking, async () => {
    const { runProject } = await import("../projects/run.ts");
    return (server, context) => runProject({ ...request, ...server }, context);
  });
}

/** The store that Python's mlflow logs to, where it can be reached without it; opened when there is a run to look for. */
function placeOf(env: NodeJS.ProcessEnv): Pick<ElsewhereContext, "store"> {
  let tracking: Tracking;
  try {
    tracking = trackingOf(env, process.cwd());
  } catch {
    return {};
  }
  if (tracking.kind === "server")
    return { store: async () => (await import("../store/rest/store.ts")).restStore(tracking) };
  if (tracking.kind !== "database") return {};
  const { file } = tracking;
  return { store: async () => (await import("../store/open.ts")).openStore(`sqlite:///${file}`) };
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
