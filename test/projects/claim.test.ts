import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdir, rm, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { test } from "node:test";
import { abandonClaim, giveClaim, nameCommand, stateOfClaim, takeClaim, turnOf } from "../../src/projects/claim.ts";
import { isGroupAlive, markOf, ownMark } from "../../src/processes/processes.ts";
import { temporaryFolder, until, whenOver } from "../support/environment.ts";

const place = () => join(temporaryFolder(), "claim");
const DEAD = JSON.stringify({ pid: process.pid, started: "1" });
const remainders = async (file: string) => (await readdir(dirname(file))).filter((name) => name !== basename(file));

test("of many that find a dead claim at once one takes it, however their steps fall", async () => {
  for (let round = 0; round < 60; round += 1) {
    const file = place();
    await writeFile(file, DEAD);
    const contender = async (index: number) => {
      for (let turns = 0; turns < (index * round) % 11; turns += 1) await turn();
      return takeClaim(file);
    };
    const taken = await Promise.all([0, 1, 2, 3, 4, 5].map(contender));
    assert.equal(taken.filter((one) => one !== undefined).length, 1, `round ${round}`);
    assert.deepEqual(await remainders(file), []);
  }
});

test("a claim whose taking over was cut short is taken over all the same", async () => {
  const file = place();
  await writeFile(file, DEAD);
  // As somebody leaves it who died between the two steps, and another one after them.
  await writeFile(turnOf(file, DEAD), DEAD);
  await writeFile(turnOf(turnOf(file, DEAD), DEAD), DEAD);
  assert.equal(await takeClaim(file), "dead");
  assert.deepEqual(await remainders(file), []);
});

const texts: [what: string, text: string, taken: "dead" | undefined][] = [
  ["its holder lives", JSON.stringify(ownMark()), undefined],
  ["it is empty, as one that is being written", "", undefined],
  ["it is no claim", "{", "dead"],
  [
    "it is of a process with that number before the machine was started anew",
    JSON.stringify({ ...ownMark(), boot: "x" }),
    "dead",
  ],
];
const elsewhere = JSON.stringify({ ...ownMark(), host: "another machine" });
test("a claim of another machine is held as long as it is renewed", async () => {
  const file = place();
  await writeFile(file, elsewhere);
  assert.equal(await takeClaim(file), undefined);
  const long = Date.now() / 1000 - 121;
  await utimes(file, long, long);
  assert.equal(await takeClaim(file), "dead");
});

for (const [what, text, taken] of texts) {
  test(`a claim ${taken === undefined ? "stays" : "is taken"} when ${what}`, async () => {
    const file = place();
    await writeFile(file, text);
    assert.equal(await takeClaim(file), taken);
  });
}

test("a claim is held until its command is gone, too, with all that this one started", async () => {
  const file = place();
  const script = "sleep 300 & echo up; read -r _";
  const child = spawn("bash", ["-c", script], { detached: true, stdio: ["pipe", "pipe", "ignore"] });
  whenOver(() => child.pid !== undefined && isGroupAlive({ pid: child.pid }) && process.kill(-child.pid, "SIGKILL"));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  assert.equal(await takeClaim(file), "free");
  assert(child.pid !== undefined);
  const command = markOf(child.pid);
  assert(command !== undefined);
  await nameCommand(file, child.pid);
  // As if this process were gone.
  await writeFile(file, JSON.stringify({ pid: process.pid, started: "1", command }));
  assert.equal(await stateOfClaim(file), "held");
  child.stdin.end();
  await until("its shell to be gone", () => markOf(command.pid) === undefined);
  assert.equal(await stateOfClaim(file), "held");
  process.kill(-command.pid, "SIGKILL");
  await until("the rest to be gone", async () => (await stateOfClaim(file)) === "dead");
});

test("a claim that is given up is free; one that is abandoned is nobody's", async () => {
  const file = place();
  assert.equal(await takeClaim(file), "free");
  await abandonClaim(file);
  assert.equal(await stateOfClaim(file), "dead");
  assert.equal(await takeClaim(file), "dead");
  await giveClaim(file);
  assert.equal(await stateOfClaim(file), "free");
  await rm(dirname(file), { recursive: true });
});
