import type { ProcessMark } from "../processes/processes.ts";
import { parseObject } from "./jsonObject.ts";

/** Reads the JSON of a mark that was left in a file. The border: undefined for what is no mark of a process, or was cut. */
export function readMark(text: string): ProcessMark | undefined {
  const { pid, started, boot, host } = parseObject(text) ?? {};
  if (typeof pid !== "number" || !Number.isInteger(pid) || pid <= 0) return undefined;
  return {
    pid,
    ...(typeof started === "string" ? { started } : {}),
    ...(typeof boot === "string" ? { boot } : {}),
    ...(typeof host === "string" ? { host } : {}),
  };
}
