import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./environment.ts";

/** One call of the command line, to its end. */
export function runCli(args: string[], cwd: string, env: NodeJS.ProcessEnv): { code: number | null; printed: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "src/cli/main.ts"), ...args], {
    cwd,
    env,
    encoding: "utf8",
    // A command's bash would take a pipe of node's for a remote login, and read ~/.bashrc.
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { code: status, printed: stdout + stderr };
}
