import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { root, until, whenOver } from "./environment.ts";

/** A tracking server of ours in a process of its own. */
export interface TestServer {
  url: string;
  process: ChildProcess;
  /** What it printed so far, both streams. */
  output(): string;
  /** SIGTERM, or the given signal; resolves to the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts src/server/main.ts (or a built program) and waits until it listens; stopped when the file's tests are over. */
export async function startServer(
  args: string[],
  options: { cwd?: string; program?: string; env?: NodeJS.ProcessEnv; uid?: number } = {},
): Promise<TestServer> {
  const program = options.program === undefined ? [join(root, "src/server/main.ts")] : [options.program, "server"];
  const child = spawn(process.execPath, [...program, ...args], {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, "exit");
  const stop = async (signal: NodeJS.Signals = "SIGTERM") => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await ended;
    }
    return child.exitCode;
  };
  whenOver(async () => void (await stop("SIGKILL")));
  const address = () => {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}: ${output}`);
    return /http:\/\/\S+/.exec(output)?.[0];
  };
  const url = await until("the server's address", address);
  return { url, process: child, output: () => output, stop };
}

/** A call of MLflow's REST API; throws with the answer's text when it is no success. */
export async function callServer(url: string, path: string, body?: object, token?: string): Promise<unknown> {
  const response = await fetch(`${url}/api/2.0/mlflow/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      "Content-Type": "application/json",
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return JSON.parse(text);
}
