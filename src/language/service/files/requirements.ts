// Requirement lines of an environment file, as pip reads them.
import type { Problem, ProblemFix, TextRange } from "../../../projects/document.ts";
import type { YamlNode } from "../../../projects/yamlTree.ts";
import { nearest } from "../../../projects/spelling.ts";
import type { Folder } from "./sideFile.ts";

/** `numpy=1.26`, as conda writes it. */
const CONDA_PIN = /^([A-Za-z0-9][\w.-]*(?:\[[\w,\s.-]*\])?\s*)=(?!=)/;

const FILE_OPTION = /^(-r|--requirement|-c|--constraint)(?:[ \t]+|=)(\S.*?)[ \t]*(?: #.*)?$/;

/** Checks the items of a list that goes to pip; `folder` is the one that `-r` counts from. */
export function checkRequirements(items: readonly YamlNode[], folder: Folder): Problem[] {
  return items.flatMap((item) => {
    if (item.kind !== "scalar" || item.scalar.kind !== "str") {
      const message = "Making the environment fails, since this requirement is not a text.";
      const range =
        item.range.end > item.range.start ? item.range : { start: item.range.start - 1, end: item.range.end };
      return [{ code: "env-item-not-text", severity: "error", message, range }];
    }
    return checkLine(item.scalar.text.trim(), item.scalar.source, item.range, folder);
  });
}

function checkLine(line: string, source: string, range: TextRange, folder: Folder): Problem[] {
  const [, , path] = FILE_OPTION.exec(line) ?? [];
  if (path !== undefined) {
    if (/^\w+:\/\//.test(path) || folder.exists(path)) return [];
    const message = `Making the environment fails: ${path} is not in the project folder.`;
    const fixes = renamed(path, range, source, folder);
    return [{ code: "requirements-file-missing", severity: "error", message, range, ...(fixes && { fixes }) }];
  }
  const [, before] = CONDA_PIN.exec(line) ?? [];
  if (before === undefined) return [];
  const message = `Making the environment fails: pip takes \`${line}\` for no requirement; it pins by \`==\`.`;
  const newText = source.replace(/=/, "==");
  const fixes = [{ title: `Write ${line.replace(/=/, "==")}`, range, newText }];
  return [{ code: "requirement-invalid", severity: "error", message, range, fixes }];
}

/** The file of that folder whose name is nearly the one asked for. */
function renamed(path: string, range: TextRange, source: string, folder: Folder): ProblemFix[] | undefined {
  const meant = nearName(path, folder);
  if (meant === undefined || !source.includes(path)) return undefined;
  return [{ title: `Change to ${meant}`, range, newText: source.replace(path, meant) }];
}

/** `conda.yaml` for `conda.yml`, `train.py` for `trian.py`: what is there and nearly named so. */
export function nearName(path: string, folder: Folder): string | undefined {
  const slash = path.lastIndexOf("/");
  const parent = path.slice(0, slash + 1);
  const name = path.slice(slash + 1);
  const meant = nearest(name, folder.list(parent === "" ? "." : parent));
  return meant === undefined ? undefined : parent + meant;
}
