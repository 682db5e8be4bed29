import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { findPython, root, temporaryFolder, whenOver } from "./environment.ts";

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
  // Else another Python loads each model that is logged, for seconds, to list what it imports: the flavor's own list will do.
  const quick = { MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT: "0" };
  const env = { ...clientEnvironment(url), ...quick, ...environment };
  const path = script.startsWith("/") ? script : join(root, "test/conformance/python", script);
  if (python === findPython()) {
    warm ??= startWarm();
    return warm({ script: path, args, cwd, env });
  }
  const { stdout } = await promisify(execFile)(python, [path, ...args], { cwd, env, maxBuffer: 64 * 1024 * 1024 });
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

/** Runs a script, with all of its environment, to its end; gives what it printed. */
type RunWarm = (asked: { script: string; args: string[]; cwd: string; env: NodeJS.ProcessEnv }) => Promise<string>;

let warm: RunWarm | undefined;

/** Starts a process that imports mlflow once, of which each script gets a copy (warmPython.py). */
function startWarm(): RunWarm {
  const child = spawn(findPython() ?? "", [join(root, "test/support/warmPython.py")], {
    env: clientEnvironment(""),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const folder = temporaryFolder("flowdeck-warm-");
  whenOver(() => child.kill("SIGKILL"));
  const waiting = new Map<number, (code: number) => void>();
  createInterface(child.stdout).on("line", (line) => {
    const [number = 0, code = 0] = line.split(" ").map(Number);
    waiting.get(number)?.(code);
  });
  // What it could not be handed is told by its end.
  child.stdin.on("error", () => undefined);
  child.once("close", () => {
    for (const ended of waiting.values()) ended(-1);
    warm = undefined;
  });
  let count = 0;
  return async (asked) => {
    count += 1;
    const number = count;
    const place = mkdtempSync(join(folder, "script-"));
    const [out, err] = [join(place, "out"), join(place, "err")];
    const code = await new Promise<number>((ended) => {
      waiting.set(number, ended);
      child.stdin.write(`${JSON.stringify({ number, ...asked, out, err })}\n`);
    });
    waiting.delete(number);
    const told = existsSync(err) ? readFileSync(err, "utf8") : "the process that was to run it has ended";
    if (code !== 0) throw new Error(`${asked.script} ended with ${code}: ${told}`);
    return readFileSync(out, "utf8");
  };
}
