import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { isAlive } from "../../src/processes/processes.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { startRunner, startServer, type TestServer } from "../support/runner.ts";

let server: TestServer;
before(async () => {
  server = await startServer();
});

/** A `git` whose helper, one that asks for a password as a rule, waits for ever and is not ended with its parent. */
async function slowGit(notes: string): Promise<string> {
  const file = join(temporaryFolder(), "git");
  const helper = `(trap '' HUP INT; echo $BASHPID >> ${notes}/pids; sleep 301 & echo $! >> ${notes}/pids; wait; wait)`;
  await writeFile(
    file,
    `#!/bin/bash\ncase $1 in clone) ${helper} & echo $$ >> ${notes}/pids; touch ${notes}/up; wait ;; esac\n`,
  );
  await chmod(file, 0o755);
  return dirname(file);
}

for (const signal of ["SIGKILL", "SIGTERM"] as const) {
  test(`nothing of git goes on when its runner is ended by ${signal} while it fetches`, async () => {
    const notes = temporaryFolder();
    const PATH = [await slowGit(notes), process.env["PATH"]].join(":");
    const projectFolder = temporaryFolder();
    const request = { projectFolder, project_uri: "https://host.invalid/a.git" };
    const runner = await startRunner(server, request, { PATH });
    const pids = await until("git and its helpers", async () => {
      if (!existsSync(join(notes, "up"))) return undefined;
      const found = (await readFile(join(notes, "pids"), "utf8")).trim().split("\n").map(Number);
      return found.length === 3 ? found : undefined;
    });
    runner.child.kill(signal);
    for (const pid of pids) await until(`process ${pid} to be gone`, () => !isAlive({ pid }));
    if (signal === "SIGTERM") {
      const { state } = await runner.ended();
      assert.deepEqual(
        [state?.status, state?.run_id, state?.problem],
        ["KILLED", undefined, "Stopped while the project was being fetched; no run was created."],
      );
    }
  });
}
