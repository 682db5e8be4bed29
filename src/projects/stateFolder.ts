import { homedir } from "node:os";
import { join } from "node:path";

/** What programs of this person tell each other of runs, on this machine. */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "flowdeck");
}

/** State files of runs that the command line started; a task of the editor names the folder that its window looks at. */
export function runFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env["FLOWDECK_RUNS"] || join(stateFolder(env), "runs");
}
