import type { Workspace } from "../../src/language/service/workspace.ts";

/** A project folder that holds these files; `hasAll`: every path that is asked for exists, too. */
export function folderOf(files: Record<string, string>, hasAll = false, fileName = "MLproject"): Workspace {
  const paths = [fileName, ...Object.keys(files)];
  const below = (folder: string) => (folder === "." || folder === "" ? "" : `${folder.replace(/\/$/, "")}/`);
  const list = (folder: string) => {
    const inside = paths.filter((path) => path.startsWith(below(folder)));
    return [...new Set(inside.map((path) => path.slice(below(folder).length).split("/")[0] ?? ""))];
  };
  return {
    fileName,
    exists: (path) => hasAll || path in files || list(path).length > 0,
    read: (path) => files[path],
    list,
    uriOf: (path) => `file:///p/${path}`,
  };
}
