import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { asMlflowError, ERROR_CODES } from "../../src/mlflow/errors.ts";
import { connect, type Port, serve } from "../../src/protocol/rpc.ts";
import type { StoreProcessHost, StoreProcessView } from "../../src/protocol/stores.ts";
import type { StoreMethods } from "../../src/store/store.ts";
import { root, whenOver } from "./environment.ts";
import { startServer } from "./server.ts";

// A store held open by one of our programs while something happens to its file.

/** What became of a request: "done", or MLflow's error. */
export type Outcome = { kind: "done"; names: string[] } | { kind: "refused"; error_code: string; message: string };

export interface Holder {
  /** Names of the experiments. */
  read(): Promise<Outcome>;
  /** Makes an experiment. */
  write(name: string): Promise<Outcome>;
  process: ChildProcess;
}

export type Program = "the tracking server" | "the store process";

/** Starts a program of ours on the database at `path`. */
export function holdStore(program: Program, path: string, as: { uid?: number } = {}): Promise<Holder> {
  return program === "the tracking server" ? holdByServer(path, as) : holdByStoreProcess(path, as);
}

async function holdByServer(path: string, as: { uid?: number }): Promise<Holder> {
  const server = await startServer(["--backend-store-uri", `sqlite:///${path}`, "--port", "0", "--access", "open"], {
    ...as,
    program: join(root, "dist/cli.js"),
  });
  const ask = async (what: string, body: object): Promise<Outcome> => {
    const response = await fetch(`${server.url}/api/2.0/mlflow/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    // The border: answers of the server are JSON, or the test fails here.
    const answer = (await response.json()) as { experiments?: { name: string }[]; error_code: string; message: string };
    if (response.ok) return { kind: "done", names: (answer.experiments ?? []).map(({ name }) => name) };
    return refused(answer.error_code, answer.message);
  };
  return {
    process: server.process,
    read: () => ask("experiments/search", { max_results: 100 }),
    write: (name) => ask("experiments/create", { name }),
  };
}

async function holdByStoreProcess(path: string, as: { uid?: number }): Promise<Holder> {
  const child = fork(join(root, "dist/store.js"), [], { serialization: "advanced", ...as });
  whenOver(() => child.kill("SIGKILL"));
  const port: Port = {
    post: (message) => {
      if (typeof message === "object" && message !== null) child.send(message);
    },
    onMessage: (listener) => {
      child.on("message", listener);
      return () => child.off("message", listener);
    },
  };
  const uri = `sqlite:///${path}`;
  const host = connect<StoreProcessHost>(port);
  serve<StoreProcessView>(port, { storeChanged: async () => undefined, statusChanged: async () => undefined });
  await host.remote.open({ uri });
  const { remote } = connect<StoreMethods>(port, uri);
  const told = async (work: () => Promise<string[]>): Promise<Outcome> => {
    try {
      return { kind: "done", names: await work() };
    } catch (error) {
      const { error_code, message } = asMlflowError(error);
      return refused(error_code, message);
    }
  };
  return {
    process: child,
    read: () => told(async () => (await remote.searchExperiments({ max_results: 100 })).items.map(({ name }) => name)),
    write: (name) =>
      told(async () => {
        await remote.createExperiment({ name });
        return [];
      }),
  };
}

function refused(error_code: string, message: string): Outcome {
  assert.ok(
    ERROR_CODES.some((code) => code === error_code),
    `${error_code}: ${message}`,
  );
  assert.notEqual(error_code, "INTERNAL_ERROR", message);
  assert.ok(!/\n|SELECT |INSERT |\.ts:/.test(message), message);
  return { kind: "refused", error_code, message };
}
