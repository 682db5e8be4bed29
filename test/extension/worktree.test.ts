import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { addWorktree, claimFile, existingWorktree, worktreeFolder } from "../../src/extension/tracking/git.ts";
import { temporaryFolder, until } from "../support/environment.ts";

/** Nobody cancels. */
const going = new AbortController().signal;

const HOLDS_SOMETHING = /holds something already, so nothing was checked out into it/;

function repository() {
  const root = join(temporaryFolder("flowdeck-worktree-"), "wine");
  mkdirSync(root);
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", root, "-c", "user.name=a", "-c", "user.email=a@b", ...args], { encoding: "utf8" });
  git("init", "-q");
  writeFileSync(join(root, "train.py"), "a = 1\n");
  git("add", ".");
  git("commit", "-qm", "one");
  const commit = git("rev-parse", "HEAD").trim();
  return { root, commit, folder: worktreeFolder(root, commit), git };
}

test("a commit is checked out again after its working tree was removed by hand", async () => {
  const { root, commit, folder, git } = repository();
  await addWorktree(root, commit, folder, going);
  assert.equal(await existingWorktree(root, commit), folder);
  const elsewhere = `${folder}-away`;
  git("worktree", "add", "-q", "--detach", elsewhere);
  for (const gone of [folder, elsewhere]) rmSync(gone, { recursive: true });
  assert.equal(await existingWorktree(root, commit), undefined);
  await addWorktree(root, commit, folder, going);
  assert.ok(existsSync(join(folder, "train.py")));
  // It may be on a disk that is not there at the moment.
  assert.ok(git("worktree", "list").includes(`${elsewhere} `));
});

test("cancelled in the middle of checking out, git is ended and nothing of the working tree is left", {
  timeout: 30_000,
}, async () => {
  const { root, commit, folder, git } = repository();
  // A filter that never ends stands for a large repository.
  const begun = join(root, "..", "begun");
  git("config", "filter.slow.smudge", `sh -c 'touch "${begun}"; exec sleep 600'`);
  mkdirSync(join(root, ".git/info"), { recursive: true });
  writeFileSync(join(root, ".git/info/attributes"), "train.py filter=slow\n");
  const controller = new AbortController();
  const checkingOut = addWorktree(root, commit, folder, controller.signal);
  await until("git checks out", () => existsSync(begun));
  controller.abort();
  // Answered once no process of the checkout is left: the filter holds git's error channel, too.
  await assert.rejects(checkingOut, { error_code: "CANCELLED" });
  assert.ok(!existsSync(folder));
  assert.equal(git("worktree", "list").trim().split("\n").length, 1);
  git("config", "--unset", "filter.slow.smudge");
  await addWorktree(root, commit, folder, going);
  assert.ok(existsSync(join(folder, "train.py")));
});

test("nothing is checked out into a folder that holds something", async () => {
  const { root, commit, folder } = repository();
  mkdirSync(folder);
  writeFileSync(join(folder, "mine.txt"), "mine\n");
  await assert.rejects(addWorktree(root, commit, folder, going), { message: HOLDS_SOMETHING });
  assert.ok(!existsSync(join(folder, "train.py")));
});

test("of two windows that check the same commit out one succeeds, and the other leaves its working tree alone", async () => {
  const { root, commit, folder } = repository();
  const both = await Promise.allSettled([0, 1].map(() => addWorktree(root, commit, folder, going)));
  assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  assert.ok(existsSync(join(folder, "train.py")));
  assert.equal(await existingWorktree(root, commit), folder);
  // Nor does one that begins when the other is done.
  await assert.rejects(addWorktree(root, commit, folder, going), { message: HOLDS_SOMETHING });
  assert.ok(existsSync(join(folder, "train.py")));
});

test("of two windows that choose the same empty folder one fills it, and the other is told so in a sentence", async () => {
  const { root, commit, folder, git } = repository();
  mkdirSync(folder);
  const both = await Promise.allSettled([0, 1].map(() => addWorktree(root, commit, folder, going)));
  assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  const [refused] = both.flatMap((one) => (one.status === "rejected" ? [String(one.reason.message)] : []));
  assert.equal(
    refused,
    `Another checkout into ${basename(folder)} is under way; wait for it, or choose another folder.`,
  );
  assert.ok(existsSync(join(folder, "train.py")));
  assert.equal(git("worktree", "list").trim().split("\n").length, 2);
  assert.ok(!existsSync(await claimFile(root, folder)), "no claim is left");
});

test("the claim of a window that was ended in the middle holds nobody up", async () => {
  const { root, commit, folder } = repository();
  const claim = await claimFile(root, folder);
  writeFileSync(claim, String(process.pid));
  await assert.rejects(addWorktree(root, commit, folder, going), { message: /is under way/ });
  writeFileSync(claim, String(spawnSync(process.execPath, ["-e", ""]).pid));
  await addWorktree(root, commit, folder, going);
  assert.ok(existsSync(join(folder, "train.py")));
});

test("a claim that is being written holds, and one whose process number another program has got since does not", async () => {
  const { root, commit, folder } = repository();
  const claim = await claimFile(root, folder);
  writeFileSync(claim, "");
  await assert.rejects(addWorktree(root, commit, folder, going), { message: /is under way/ });
  // As a machine that lost power leaves it.
  utimesSync(claim, 0, 0);
  await addWorktree(root, commit, folder, going);
  rmSync(folder, { recursive: true });
  // Nothing of ours runs since the first tick of the machine.
  writeFileSync(claim, `${process.pid} 1`);
  if (process.platform === "linux") await addWorktree(root, commit, folder, going);
});

test("a locked working tree whose disk is not there stays in git's list", async () => {
  const { root, commit, folder, git } = repository();
  await addWorktree(root, commit, folder, going);
  git("worktree", "lock", "--reason", "on a disk", folder);
  rmSync(folder, { recursive: true });
  await assert.rejects(addWorktree(root, commit, folder, going), { error_code: "INVALID_STATE" });
  assert.match(git("worktree", "list", "--porcelain"), /^locked on a disk$/m);
  assert.ok(!existsSync(folder));
});

test("a folder that was there and empty is so again after a checkout that failed", async () => {
  const { root, folder, git } = repository();
  mkdirSync(folder);
  await assert.rejects(addWorktree(root, "0".repeat(40), folder, going), { error_code: "INVALID_STATE" });
  assert.deepEqual(readdirSync(folder), []);
  assert.equal(git("worktree", "list").trim().split("\n").length, 1);
});
