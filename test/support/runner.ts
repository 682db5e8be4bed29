import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { startLocalServer } from "../../src/cli/localServer.ts";
import type { RunState } from "../../src/projects/request.ts";
import type { AnyRequest } from "../../src/projects/requestFile.ts";
import { readStates } from "../../src/projects/state.ts";
import type { StoreMethods } from "../../src/store/store.ts";
import { restStore } from "../../src/store/rest/store.ts";
import { root, temporaryFolder, until, whenOver } from "./environment.ts";

/** The tracking server of a test file, over a database of its own, and the store behind it. */
export interface TestServer {
  tracking_uri: string;
  token: string;
  store: StoreMethods;
}

export async function startServer(): Promise<TestServer> {
  const server = await startLocalServer(join(root, "src/server/main.ts"), join(temporaryFolder(), "mlflow.db"));
  whenOver(() => server.stop());
  const { tracking_uri, token } = server;
  return { tracking_uri, token, store: restStore({ tracking_uri, token }) };
}

/** A project folder with these files. */
export async function projectWith(files: Record<string, string | Buffer>): Promise<string> {
  const folder = temporaryFolder("flowdeck-project-");
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

export interface RunnerProcess {
  child: ChildProcess;
  /** Folder of its request and state. */
  folder: string;
  requestFile: string;
  /** Waits until its state file says something. */
  stateOf(what: string, wanted: (state: RunState) => boolean): Promise<RunState>;
  /** Waits for its end: exit code, what it printed, its last state. */
  ended(): Promise<{ code: number | null; printed: string; state: RunState | undefined }>;
}

/** Starts the runner as the editor does, but on pipes. */
export async function startRunner(
  server: Pick<TestServer, "tracking_uri" | "token">,
  request: Partial<AnyRequest> & { projectFolder: string },
  env: NodeJS.ProcessEnv = {},
): Promise<RunnerProcess> {
  const folder = temporaryFolder("flowdeck-runs-");
  const requestFile = join(folder, "run.json");
  const { tracking_uri, token } = server;
  const whole: Partial<AnyRequest> = { format: 1, parameters: [], tracking_uri, token, ...request };
  await writeFile(requestFile, JSON.stringify(whole), { mode: 0o600 });
  const child = spawn(process.execPath, [join(root, "src/projects/runner.ts"), "--request", requestFile], {
    cwd: request.projectFolder,
    env: { ...process.env, ...env, ELECTRON_RUN_AS_NODE: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  whenOver(() => child.kill("SIGKILL"));
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  }
  const close = once(child, "close");
  const state = async () => (await readStates(folder))[0]?.state;
  return {
    child,
    folder,
    requestFile,
    stateOf: (what, wanted) =>
      until(what, async () => {
        const found = await state();
        return found !== undefined && wanted(found) ? found : undefined;
      }),
    ended: async () => {
      await close;
      return { code: child.exitCode, printed, state: await state() };
    },
  };
}
