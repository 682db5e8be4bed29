// The program that owns a scoring server: started, and found again by its state file. No vscode.
import { spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { MlflowError } from "../../mlflow/errors.ts";
import { MARK } from "../../models/serving/marked.ts";
import { readState, stateFileOf } from "../../models/serving/stateFile.ts";
import type { ServeRequest, ServeState } from "../../protocol/serving.ts";

/** ms until the program has told where it is; mlflow has not begun by then, and a busy machine takes long to start it. */
const START_LIMIT = 60_000;

/** Starts the program and gives its first state. @throws MlflowError when it does not come up. */
export async function launchServing(program: string, request: ServeRequest): Promise<ServeState> {
  const child = spawn(process.execPath, [program], {
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
    // The name lets what descends from it be told from others.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1", [MARK]: request.id },
  });
  let failed: string | undefined;
  let said = "";
  child.on("error", (error) => (failed = error.message));
  child.on("exit", (code) => (failed ??= `exit ${code ?? "by a signal"}`));
  child.stderr.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
  // It may have ended before it read all of it; that is told above.
  child.stdin.on("error", () => undefined);
  child.stdin.end(JSON.stringify(request));
  const end = Date.now() + START_LIMIT;
  const file = stateFileOf(request.folder, request.id);
  try {
    for (;;) {
      // Looked at before the state, which a program that ended at once has left.
      const isLast = failed !== undefined || Date.now() >= end;
      const state = readState(file);
      if (state !== undefined) return state;
      if (isLast) break;
      await wait(20);
    }
    // It would serve what nobody knows of.
    child.kill();
  } finally {
    child.stderr.destroy();
    child.unref();
  }
  throw new MlflowError(
    "TEMPORARILY_UNAVAILABLE",
    `${request.title} was not served: its program did not start; try again.\n${failed ?? "no answer"}: ${said}`,
  );
}
