import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { isAlive, runCommand } from "../../src/processes/processes.ts";
import { numberIn, root, temporaryFolder, until, whenOver } from "../support/environment.ts";

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

test("a command never outlives the program that runs it, at whatever moment of its start that is killed", async () => {
  const program = join(root, "src/processes/processes.ts");
  let begun = 0;
  // A busy machine may need longer than the last of these to begin it at all.
  for (let delay = 0; delay < 60 || begun === 0; delay += delay < 60 ? 5 : delay) {
    const pids = join(temporaryFolder(), "pids");
    const command = `{ file: "bash", args: ["-c", "echo $$ > ${pids}; exec sleep 300"], cwd: "/", env: process.env, deaf: true }`;
    const script = `import { runCommand } from "${program}"; console.log(); await runCommand(${command}, new AbortController().signal);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const exit = once(child, "exit");
    await once(child.stdout, "data");
    await pause(delay);
    child.kill("SIGKILL");
    await exit;
    // Nothing more begins: what is there now is all there will be.
    const pid = numberIn(pids);
    if (pid === undefined) continue;
    begun += 1;
    await until(`the command to be gone, ${delay} ms after its start`, () => !isAlive({ pid }));
  }
});

test("what guards a command reads none of the start files of the person's shell", async () => {
  const home = temporaryFolder();
  writeFileSync(join(home, ".bashrc"), "echo read >> ~/read; exec sleep 300\n");
  const program = join(root, "src/processes/processes.ts");
  // It ends when its runner dies, which the guard has to see.
  const command = `{ file: "bash", args: ["-c", "echo $$ > ${home}/pid; exec sleep 300"], cwd: "/", env: process.env, deaf: true }`;
  const script = `import { runCommand } from "${program}"; await runCommand(${command}, new AbortController().signal);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: "ignore",
    env: { ...process.env, HOME: home, SHLVL: "0" },
  });
  const pid = await until("the command to run", () => numberIn(join(home, "pid")));
  child.kill("SIGKILL");
  await until("the command to be gone", () => !isAlive({ pid }));
  assert(!existsSync(join(home, "read")));
});
