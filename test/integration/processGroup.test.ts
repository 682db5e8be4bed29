import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runCommand } from "../../src/projects/processes.ts";
import { temporaryFolder, until, whenOver } from "../support/environment.ts";

/** Starts, outside the group of its own parent, a process that is in it and whose end nobody will ask for. */
const NEGLECTED = `
import os, signal, sys, time
group = os.getpgrp()
if os.fork() == 0:
    os.setpgid(0, 0)
    if os.fork() == 0:
        os.setpgid(0, group)
        time.sleep(300)
    with open("parent", "w") as file:
        file.write(str(os.getpid()))
    os.rename("parent", "ready")
    time.sleep(300)
time.sleep(300)
`;

test("a command that is stopped is over when what is left of its group has ended, although nobody asks for it", async () => {
  const cwd = temporaryFolder();
  const stop = new AbortController();
  const ended = runCommand(
    { file: "python3", args: ["-c", NEGLECTED], cwd, env: process.env, deaf: true },
    stop.signal,
  );
  await until("the processes to run", () => existsSync(join(cwd, "ready")));
  whenOver(() => process.kill(Number(readFileSync(join(cwd, "ready"), "utf8")), "SIGKILL"));
  stop.abort();
  assert.deepEqual(await ended, { signal: "SIGTERM" });
});
