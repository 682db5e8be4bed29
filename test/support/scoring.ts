import { equal } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { HeldServer } from "../../src/extension/serving/heldServer.ts";
import { isFree } from "../../src/extension/serving/ports.ts";
import { launchServing } from "../../src/extension/serving/launch.ts";
import type { ScoringServer, ServeRequest, ServeState } from "../../src/protocol/serving.ts";
import { findPython, root, temporaryFolder, until, whenOver } from "./environment.ts";
import { freePort } from "./ports.ts";
import { realModels, type RealName } from "./realModels.ts";
import { clientEnvironment } from "./python.ts";

/** A scoring server of a test, held as a window holds it. */
export interface TestScoring {
  request: ServeRequest;
  held: HeldServer;
  /** Waits for a state; throws at once when it failed for another reason. */
  reaches(state: ScoringServer["state"], timeout?: number): Promise<ScoringServer>;
}

/** Serves a model by the real mlflow. What is left of it is ended with the file's tests. */
export async function serveModel(served_uri: string, change: Partial<ServeRequest> = {}): Promise<TestScoring> {
  const id = randomUUID();
  const request: ServeRequest = {
    ...{ format: 1, id, store: "sqlite:///none.db", model_uri: served_uri, served_uri, title: "the model" },
    ...{ python: findPython() ?? "", env_manager: "local", workers: 1, timeout: 60, host: "127.0.0.1" },
    ...{ port: await freePort(), keep: false, cwd: temporaryFolder(), folder: temporaryFolder(), linger: 60_000 },
    ...{
      patience: 120_000,
      environment: usualEnvironment(),
      ...change,
    },
  };
  const state = await launchServing(join(root, "src/models/serve.ts"), request);
  whenOver(() => endGroupOf(state));
  return { request, ...hold(request.folder, state) };
}

/** What the server gets besides, when nothing else is asked for. */
export function usualEnvironment(): Record<string, string> {
  const { MLFLOW_DISABLE_TELEMETRY = "true", PATH = "" } = clientEnvironment("");
  return { MLFLOW_DISABLE_TELEMETRY, PATH, MLFLOW_TRACKING_TOKEN: "secret of the tracking server" };
}

/** What another window does that finds it. */
export function hold(folder: string, state: ServeState): Omit<TestScoring, "request"> {
  const held = new HeldServer(folder, state, { onChange: () => undefined, onGone: () => undefined });
  whenOver(() => held.dispose());
  const reaches: TestScoring["reaches"] = (wanted, timeout = 240_000) =>
    until(
      `the server to be ${wanted}`,
      () => {
        const { state: is, problem } = held.server;
        if (is === "failed" && wanted !== "failed") throw new Error(`It failed: ${problem?.text}`);
        return is === wanted && held.server;
      },
      timeout,
    );
  return { held, reaches };
}

/** Folder of a version's files. */
export async function artifactsOf(name: RealName, index = 0): Promise<string> {
  const { folder, models } = await realModels();
  return join(folder, "mlruns/models/models", models[name][index]?.model_id ?? "", "artifacts");
}

export async function askModel(url: string, body: unknown): Promise<{ status: number; answer: unknown }> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/invocations`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, answer: await response.json() };
}

/** Starts a server, asks it, or not, and ends it in one of the ways in which servers end; throws when anything of it is left. */
export async function servingCycle(cycle: number): Promise<void> {
  const { request, held, reaches } = await serveModel(await artifactsOf("echo"), {
    workers: 1 + (cycle % 3 === 2 ? 1 : 0),
  });
  // Every fourth is ended while it starts.
  if (cycle % 4 === 3) await until("mlflow to be at work", () => processesWith(request.id).length > 2);
  else {
    const { url } = await reaches("ready");
    equal((await askModel(url, { dataframe_split: { columns: ["a"], data: [[cycle]] } })).status, 200);
  }
  if (cycle % 2 === 0) await held.stop();
  else {
    process.kill(held.state.program.pid, "SIGKILL");
    await held.ended;
  }
  await until(`nothing of cycle ${cycle} to be left`, () => processesWith(request.id).length === 0);
  equal(await isFree(request.port), true);
}

/** The processes that have a text of this server in their command line or environment: its id, or the place of its model. */
export function processesWith(mark: string): number[] {
  const bytes = Buffer.from(mark);
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    const has = [`/proc/${name}/cmdline`, `/proc/${name}/environ`].some((file) => read(file).includes(bytes));
    return has ? [Number(name)] : [];
  });
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    // It has ended, or is another user's.
    return Buffer.alloc(0);
  }
}

function endGroupOf({ program }: ServeState): void {
  try {
    process.kill(program.pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
