// No vscode: tested as a table.
import { join } from "node:path";

/**
 * The project folder that `mlflow.source.name` of a run names: a path, or `file:///repository#folder` (mlflow 3.17), in which
 * nothing is escaped. Undefined for a source that is not on this machine.
 */
export function projectFolderOf(source: string): string | undefined {
  const [, root, folder = ""] = /^file:\/\/(\/[^#]*)(?:#(.*))?$/s.exec(source) ?? [];
  if (root !== undefined) return join(root, folder).replace(/(?<=.)\/$/, "");
  return /^[a-z][a-z0-9+.-]+:/i.test(source) || source === "" ? undefined : source;
}
