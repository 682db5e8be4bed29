import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { findMlflowPython } from "../projects/installedMlflow.ts";
import { findOnPath } from "../projects/interpreter.ts";
import { print } from "../projects/terminal.ts";
import { storePath, storeUri } from "../store/open.ts";
import { upgradeStore } from "../store/upgrade.ts";

const DB_USAGE = `Usage: flowdeck db upgrade [URI] [options]

Upgrades the schema of a database (default: sqlite:///mlflow.db), after a backup beside it that is put back on failure. The mlflow
of your interpreter does it, if there is one; otherwise Flowdeck itself, to the schema of mlflow 3.17.2.

  --python FILE       the interpreter whose mlflow upgrades (default: the first of the active environment, .venv, venv and PATH
                      that has mlflow)
  --without-python    let Flowdeck upgrade in any case
  --help              this text`;

const OPTIONS = {
  python: { type: "string" },
  "without-python": { type: "boolean" },
  help: { type: "boolean" },
} as const;

/** `flowdeck db …`; `args` are the words behind `db`. Exit codes: 0 done, 1 failed, 2 not understood. */
export async function databaseCommand(args: string[]): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${DB_USAGE}`);
    return 2;
  }
  const { values, positionals } = parsed;
  const [verb, place, ...more] = positionals;
  if (values.help === true) {
    print(DB_USAGE);
    return 0;
  }
  if (verb !== "upgrade" || more.length > 0) {
    console.error(DB_USAGE);
    return 2;
  }
  try {
    const uri = uriOf(place ?? process.env["MLFLOW_BACKEND_STORE_URI"] ?? "sqlite:///mlflow.db");
    const named = values.python === undefined ? undefined : resolve(values.python);
    const candidates = named === undefined ? await interpretersFor(uri) : [named];
    const python = values["without-python"] === true ? undefined : await findMlflowPython(candidates);
    if (named !== undefined && python === undefined) throw new Error(`${named} has no mlflow.`);
    print(await upgradeStore(uri, python));
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

/** A path to a database is as good as its URI. */
function uriOf(place: string): string {
  return /^[a-z][a-z0-9+.-]+:/i.test(place) ? place : storeUri(place);
}

async function interpretersFor(uri: string): Promise<string[]> {
  const bin = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
  const folders = [process.cwd(), ...(uri.startsWith("sqlite:///") ? [dirname(storePath(uri))] : [])];
  const active = process.env["VIRTUAL_ENV"];
  return [
    ...(active === undefined ? [] : [join(active, ...bin)]),
    ...folders.flatMap((folder) => [".venv", "venv"].map((name) => join(folder, name, ...bin))),
    ...(await findOnPath("python3")),
    ...(await findOnPath("python")),
  ];
}
