import { userInfo } from "node:os";
import type { Actor } from "./acts.ts";

/** The person, as MLflow's client (3.17) tells who logged a run: Python's `getpass.getuser`. */
export function actorNow(): Actor {
  const names = ["LOGNAME", "USER", "LNAME", "USERNAME"].map((variable) => process.env[variable]);
  const told = names.find((name) => name !== undefined && name !== "");
  return { who: told ?? userInfo().username, now: Date.now() };
}
