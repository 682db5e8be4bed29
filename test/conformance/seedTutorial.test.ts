import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openStore } from "../../src/store/open.ts";
import { restStore } from "../../src/store/rest/store.ts";
import type { StoreMethods } from "../../src/store/store.ts";
import { findPython, root, shared, skipWithout, temporaryFolder } from "../support/environment.ts";
import { runPython } from "../support/python.ts";
import { startServer } from "../support/server.ts";

const tutorial = shared("interop/seed_tutorial.py");
const skip =
  skipWithout(findPython(), "Python with mlflow") || skipWithout(tutorial, "../shared/interop/seed_tutorial.py");
/** The built command line where there is one, for that is what a person starts. */
const built = join(root, "dist/cli.js");

test("the tutorial passes with the unmodified client, which then finds the same facts in the file", {
  skip,
}, async () => {
  const folder = temporaryFolder();
  const store = `sqlite:///${join(folder, "mlflow.db")}`;
  const args = ["--backend-store-uri", store, "--artifacts-destination", join(folder, "artifacts"), "--port", "0"];
  const server = await startServer(args, existsSync(built) ? { program: built, cwd: folder } : { cwd: folder });
  const printed = await runPython(tutorial ?? "", [], server.url, folder);
  assert.match(printed, /\n10 passed, 0 failed/);
  await assertSameFacts(server.url, store, folder);
});

test("autologging, a registered model and its loading work with the unmodified client", { skip }, async () => {
  const folder = temporaryFolder();
  const store = `sqlite:///${join(folder, "mlflow.db")}`;
  const server = await startServer(["--backend-store-uri", store, "--port", "0"], { cwd: folder });
  assert.match(await runPython("autolog.py", [], server.url, folder), /done/);
  await assertSameFacts(server.url, store, folder);
  const expected: Record<string, string[]> = JSON.parse(
    await runPython("listings.py", [server.url], server.url, folder),
  );
  assert.ok(Object.keys(expected).length >= 3);
  const opened = openStore(store, { readonly: true });
  await assertModelFiles(opened, expected);
  opened.close();
  await assertModelFiles(restStore({ tracking_uri: server.url }), expected);
});

/** The run's artifacts list and open the files of its logged models, as the client does by their `runs:/` URIs. */
async function assertModelFiles(store: StoreMethods, expected: Record<string, string[]>): Promise<void> {
  for (const [run_id, paths] of Object.entries(expected)) {
    const inModels = new Set(paths.map((path) => path.split("/")[0]));
    const listed = (await filesBelow(store, run_id)).filter((path) => inModels.has(path.split("/")[0]));
    assert.deepEqual(listed.sort(), paths);
    const [model] = paths.filter((path) => path.endsWith("/MLmodel"));
    assert.match(readFileSync((await store.localArtifactPath({ run_id, path: model ?? "" })).file, "utf8"), /flavors:/);
  }
}

async function filesBelow(store: StoreMethods, run_id: string, path = ""): Promise<string[]> {
  const entries = await store.listArtifacts({ run_id, path });
  const below = entries.filter(({ is_dir }) => is_dir).map((folder) => filesBelow(store, run_id, folder.path));
  const files = entries.filter(({ is_dir }) => !is_dir).map((file) => file.path);
  return [...files, ...(await Promise.all(below)).flat()];
}

async function assertSameFacts(url: string, store: string, folder: string): Promise<void> {
  const overRest: unknown = JSON.parse(await runPython("facts.py", [url], url, folder));
  const fromFile: unknown = JSON.parse(await runPython("facts.py", [store], store, folder));
  assert.deepEqual(overRest, fromFile);
  assert.ok(typeof overRest === "object" && overRest !== null && "runs" in overRest);
  assert.ok(Object.keys(Object(overRest.runs)).length >= 3);
}
