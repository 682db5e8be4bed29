import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, realpath, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { readGitFacts, sourceName } from "../../src/projects/git.ts";
import { temporaryFolder } from "../support/environment.ts";

const identity = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false"];

async function repository() {
  const root = await realpath(temporaryFolder());
  const git = (...args: string[]) =>
    execFileSync("git", [...identity, ...args], { cwd: root, encoding: "utf8" }).trim();
  git("init", "--quiet");
  await mkdir(join(root, "sub", "p"), { recursive: true });
  await writeFile(join(root, "sub", "p", "a"), "");
  return { root, git, folder: join(root, "sub", "p") };
}

test("a project in a repository has its commit, its first remote without credentials, and a source name with its folder", async () => {
  const { root, git, folder } = await repository();
  git("add", ".");
  git("commit", "--quiet", "-m", "one");
  git("remote", "add", "zed", "https://me:secret@host.example/team/p.git");
  git("remote", "add", "alpha", "git@host.example:other.git");
  const facts = await readGitFacts(folder);
  const repoUrl = "https://host.example/team/p.git";
  assert.deepEqual(facts, { root, below: "sub/p", commit: git("rev-parse", "HEAD"), repoUrl });
  assert.equal(sourceName(folder, facts), `file://${root}#sub/p`);
  assert.equal(sourceName(root, await readGitFacts(root)), `file://${root}`);
});

test("a project reached by a link has the place it has in its repository", async () => {
  const { root, folder } = await repository();
  const link = join(temporaryFolder(), "link");
  await symlink(folder, link);
  assert.equal(sourceName(link, await readGitFacts(link)), `file://${root}#sub/p`);
});

test("a repository without a commit gives no commit, an ignored folder neither", async () => {
  const { root, git, folder } = await repository();
  assert.deepEqual(await readGitFacts(folder), { root, below: "sub/p" });
  await writeFile(join(root, ".gitignore"), "sub/\n");
  git("add", ".");
  git("commit", "--quiet", "-m", "one");
  assert.deepEqual(await readGitFacts(folder), { root, below: "sub/p" });
});

test("a folder in no repository has its path as source name", async () => {
  const folder = temporaryFolder();
  const facts = await readGitFacts(folder);
  assert.deepEqual([facts, sourceName(folder, facts)], [{}, folder]);
});
