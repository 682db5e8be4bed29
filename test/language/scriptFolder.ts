import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parsePython } from "../../src/language/python/parse.ts";
import { ScriptReader } from "../../src/language/python/reader.ts";
import type { Workspace } from "../../src/language/service/workspace.ts";
import { root } from "../support/environment.ts";
import { folderOf } from "./folderOf.ts";

/** A script of the fixtures. */
export const fixture = (name: string) => readFileSync(join(root, "test/language/fixtures/scripts", name), "utf8");

const NAMES = [
  "plain.py",
  "positional.py",
  "commands.py",
  "known.py",
  "imported.py",
  "options.py",
  "clicked.py",
  "argv.py",
  "typed.py",
  "typedApp.py",
  "fired.py",
  "firedCommands.py",
  "flagged.py",
  "composed.py",
  "conf/config.yaml",
  "conf/model/linear.yaml",
];

/** A project folder that holds the scripts of the fixtures, and more. */
export function scriptFolder(more: Record<string, string> = {}): Workspace {
  const files = { ...Object.fromEntries(NAMES.map((name) => [name, fixture(name)])), ...more };
  const workspace = folderOf(files);
  return { ...workspace, scripts: new ScriptReader(parsePython, (path) => workspace.read(path)) };
}
