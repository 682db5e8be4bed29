import type { RunSubject } from "../../../protocol/panels/run.ts";

/** What the command of a native menu is told, as `data-vscode-context`: the run with its store, and the artifact at `path`. */
export function menuContext({ uri, run_id }: RunSubject, webviewSection: "run" | "artifact", path?: string): string {
  const of = path === undefined ? {} : { path };
  return JSON.stringify({ webviewSection, uri, run_id, ...of, preventDefaultContextMenuItems: true });
}
