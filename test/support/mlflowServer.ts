import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { freePort } from "./ports.ts";
import { clientEnvironment } from "./python.ts";
import { findPython, temporaryFolder, until, whenOver } from "./environment.ts";

/** A real `mlflow server` in a process of its own, over a database in a folder of its own. */
export interface MlflowServer {
  folder: string;
  url: string;
}

/** Starts mlflow's own server at its leanest; ended when the file's tests are over. */
export async function startMlflowServer(): Promise<MlflowServer> {
  const folder = temporaryFolder("flowdeck-mlflow-");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const options = {
    "backend-store-uri": `sqlite:///${join(folder, "mlflow.db")}`,
    "artifacts-destination": join(folder, "artifacts"),
    port: String(port),
    workers: "1",
  };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(findPython() ?? "", ["-m", "mlflow", "server", ...flags], {
    cwd: folder,
    env: { ...clientEnvironment(""), MLFLOW_TRACKING_URI: undefined, MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000)));
  }
  const ended = once(child, "exit");
  whenOver(async () => {
    // The group: the program that listens is a child of the one that was started.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    await ended;
  });
  await until(
    "mlflow's server",
    async () => {
      if (child.exitCode !== null) throw new Error(`mlflow's server ended with ${child.exitCode}: ${output}`);
      const answer = await fetch(`${url}/health`).catch(() => undefined);
      return answer?.ok;
    },
    240_000,
  );
  return { folder, url };
}
