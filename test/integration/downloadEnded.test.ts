import assert from "node:assert/strict";
import { once } from "node:events";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { before, test } from "node:test";
import { isAlive } from "../../src/processes/processes.ts";
import { numberIn, temporaryFolder, until, whenOver } from "../support/environment.ts";
import { holdingProxy } from "../support/holdingProxy.ts";
import { projectWith, startRunner, startServer, type TestServer } from "../support/runner.ts";

let server: TestServer;
before(async () => {
  server = await startServer();
});

const PROJECT = { MLproject: 'entry_points: {main: {parameters: {data: path}, command: "wc {data}"}}\n' };

async function runWith(value: string, python?: string) {
  const projectFolder = await projectWith(PROJECT);
  const parameters: [string, string][] = [["data", value]];
  const storage_dir = temporaryFolder();
  const chosen = python === undefined ? {} : { python };
  return startRunner(server, { projectFolder, parameters, storage_dir, env_manager: "local", ...chosen });
}

/** A Python that has mlflow, as its packages say, which takes for ever to download. */
async function slowMlflow(): Promise<{ python: string; pidFile: string }> {
  const prefix = temporaryFolder();
  await mkdir(join(prefix, "lib/python3.11/site-packages/mlflow-3.17.2.dist-info"), { recursive: true });
  await mkdir(join(prefix, "bin"));
  const [python, pidFile] = [join(prefix, "bin/python"), join(prefix, "pid")];
  await writeFile(python, `#!/bin/bash\necho $$ > ${pidFile}; sleep 300; echo /nowhere\n`);
  await chmod(python, 0o755);
  return { python, pidFile };
}

for (const signal of ["SIGKILL", "SIGTERM"] as const) {
  test(`a download by Python's mlflow ends with its runner, here by ${signal}, and no run is created`, async () => {
    const { python, pidFile } = await slowMlflow();
    const runner = await runWith("s3://bucket/data.csv", python);
    const pid = await until("the download", () => numberIn(pidFile));
    runner.child.kill(signal);
    await until("the download to be gone", () => !isAlive({ pid }));
    if (signal === "SIGKILL") return;
    const { state } = await runner.ended();
    assert.deepEqual(
      [state?.status, state?.run_id, state?.problem],
      ["KILLED", undefined, "Stopped while s3://bucket/data.csv was downloaded; no run was created."],
    );
  });
}

test("a folder of the artifact proxy that is never listed is no reason to wait when the run is stopped", async () => {
  const proxy = await holdingProxy(server.tracking_uri, { path: "mlflow-artifacts/artifacts?", before: true });
  const request = {
    projectFolder: await projectWith(PROJECT),
    storage_dir: temporaryFolder(),
    env_manager: "local" as const,
  };
  const parameters: [string, string][] = [["data", "mlflow-artifacts:/somewhere/data"]];
  const runner = await startRunner({ ...server, tracking_uri: proxy.url }, { ...request, parameters });
  await proxy.held;
  runner.child.kill("SIGTERM");
  const { state, printed } = await runner.ended();
  assert.deepEqual([state?.status, state?.run_id], ["KILLED", undefined], printed);
});

test("a download from the web that does not come to its end is ended by a stop", async () => {
  const asked = Promise.withResolvers<void>();
  const web = createServer((_, response) => {
    response.writeHead(200).write("half");
    asked.resolve();
  });
  web.listen(0, "127.0.0.1");
  await once(web, "listening");
  whenOver(() => {
    web.closeAllConnections();
    web.close();
  });
  const address = web.address();
  const host = `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  const runner = await runWith(`http://${host}/data.csv`);
  await asked.promise;
  runner.child.kill("SIGTERM");
  const { state, printed } = await runner.ended();
  assert.deepEqual([state?.status, state?.run_id], ["KILLED", undefined]);
  assert.match(printed, /^Flowdeck: Stopped while http:\/\/.*\/data\.csv was downloaded; no run was created\.$/m);
});
