import { access, constants, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { MlflowPython } from "../mlflow/installed.ts";

/** The release of mlflow beside an interpreter, read from the names of its packages: Python is not started. */
export async function installedMlflow(python: string): Promise<string | undefined> {
  // An environment's `python` is a link to another interpreter, whose packages are others: it is not followed.
  const prefix = dirname(dirname(python));
  const versions = (await entriesOf(join(prefix, "lib"))).filter((name) => /^python\d/.test(name)).toReversed();
  const folders = [
    join(prefix, "Lib/site-packages"),
    ...versions.flatMap((version) =>
      ["lib", "local/lib"].flatMap((lib) =>
        ["site-packages", "dist-packages"].map((folder) => join(prefix, lib, version, folder)),
      ),
    ),
  ];
  for (const folder of folders) {
    for (const name of await entriesOf(folder)) {
      const release = /^mlflow-(.+)\.dist-info$/.exec(name)?.[1];
      if (release !== undefined) return release;
    }
  }
  return undefined;
}

/** The first of several interpreters that has mlflow. */
export async function findMlflowPython(interpreters: readonly string[]): Promise<MlflowPython | undefined> {
  for (const path of interpreters) {
    const release = (await isExecutable(path)) ? await installedMlflow(path) : undefined;
    if (release !== undefined) return { path, release };
  }
  return undefined;
}

async function entriesOf(folder: string): Promise<string[]> {
  // A folder that is not there has nothing in it.
  return readdir(folder).catch(() => []);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
