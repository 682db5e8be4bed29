import type { MlprojectDocument, Problem } from "../../../projects/document.ts";
import { findMlprojectName } from "../../../projects/mlprojectName.ts";
import type { Workspace } from "../workspace.ts";
import { firstKey } from "./firstKey.ts";

/** MLflow looks for a file called MLproject, in any letter case and without an ending. */
export function checkFileName(document: MlprojectDocument, workspace: Workspace): Problem[] {
  const { fileName } = workspace;
  const range = firstKey(document.text);
  const found = findMlprojectName(workspace.list("."));
  if (fileName.toLowerCase() !== "mlproject") {
    const message =
      found === undefined
        ? `MLflow does not find this project, whose file must be called MLproject, not ${fileName}.`
        : `MLflow reads ${found} beside this file, and takes no notice of ${fileName}.`;
    return [{ code: "file-name", severity: found === undefined ? "error" : "warning", message, range }];
  }
  const others = workspace.list(".").filter((name) => name !== fileName && name.toLowerCase() === "mlproject");
  if (others.length === 0) return [];
  const message = `MLflow reads one of ${[fileName, ...others].join(" and ")}, whichever the folder happens to list first.`;
  return [{ code: "file-twice", severity: "warning", message, range }];
}
