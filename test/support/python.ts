import { execFile, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { findPython, root, whenOver } from "./environment.ts";

/** Environment in which an unmodified client talks to `url`, quickly and without asking the network for anything. */
export function clientEnvironment(url: string): NodeJS.ProcessEnv {
  const python = findPython() ?? "";
  return {
    ...process.env,
    PATH: `${dirname(python)}:${process.env["PATH"]}`,
    MLFLOW_TRACKING_URI: url,
    MLFLOW_DISABLE_TELEMETRY: "true",
    GIT_PYTHON_REFRESH: "quiet",
  };
}

/** Runs a script of test/conformance/python (or an absolute one) to its end; gives what it printed. */
export async function runPython(
  script: string,
  args: string[],
  url: string,
  cwd: string,
  environment: NodeJS.ProcessEnv = {},
  python = findPython() ?? "",
): Promise<string> {
  const file = join(root, "test/conformance/python", script);
  // Else another Python loads each model that is logged, for seconds, to list what it imports: the flavor's own list will do.
  const quick = { MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT: "0" };
  const options = { cwd, env: { ...clientEnvironment(url), ...quick, ...environment }, maxBuffer: 64 * 1024 * 1024 };
  const path = script.startsWith("/") ? script : file;
  const { stdout } = await promisify(execFile)(python, [path, ...args], options);
  return stdout;
}

/** Starts a script that goes on until it is killed; each line it prints is handed over. */
export function startPython(script: string, args: string[], url: string, onLine: (line: string) => void): () => void {
  const file = join(root, "test/conformance/python", script);
  const child = spawn(findPython() ?? "", [file, ...args], {
    env: { ...clientEnvironment(url), MLFLOW_HTTP_REQUEST_MAX_RETRIES: "0" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let rest = "";
  child.stdout.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  const stop = () => void child.kill("SIGKILL");
  whenOver(stop);
  return stop;
}
