import { spawn } from "node:child_process";
import { join } from "node:path";
import { clientEnvironment } from "./python.ts";
import { findPython, root, whenOver } from "./environment.ts";

export interface Invocation {
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}

export interface Ended {
  code: number | null;
  printed: string;
}

/** Python's real `mlflow run`: calls share one process, since importing mlflow takes longer than a run. */
export function startMlflowRun(url: string): (call: Invocation) => Promise<Ended> {
  const script = join(root, "test/conformance/python/mlflow_run.py");
  const child = spawn(findPython() ?? "", [script], { env: clientEnvironment(url), stdio: ["pipe", "pipe", "pipe"] });
  whenOver(() => child.kill("SIGKILL"));
  let printed = "";
  let heard: () => void = () => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      heard();
    });
  }
  child.once("exit", () => heard());
  return async ({ args, cwd, env }) => {
    printed = "";
    const { promise, resolve, reject } = Promise.withResolvers<Ended>();
    heard = () => {
      const code = /^RESULT (\d+)$/m.exec(printed)?.[1];
      if (code !== undefined) resolve({ code: Number(code), printed });
      else if (child.exitCode !== null) reject(new Error(`mlflow ended: ${printed}`));
    };
    child.stdin.write(`${JSON.stringify({ args, cwd, env })}\n`);
    return promise;
  };
}

/** `flowdeck run` as it is installed: the bundle, by this Node. */
export async function flowdeckRun({ args, cwd, env }: Invocation): Promise<Ended> {
  const program = join(root, "dist/cli.js");
  const child = spawn(process.execPath, [program, "run", ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  }
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, printed };
}
