import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { artifactPlaceOf, artifactUriParts } from "../../src/extension/tracking/artifacts/artifactUri.ts";
import * as git from "../../src/extension/tracking/git.ts";
import { notePlaceOf, noteUriParts } from "../../src/extension/tracking/notes/noteUri.ts";
import { sourceFacts } from "../../src/extension/tracking/sourceFacts.ts";
import { temporaryFolder } from "../support/environment.ts";

const uri = "sqlite:////home/o'neil/Ünï #1/mlflow.db";

test("an artifact's address tells store, run and path, whatever they hold", () => {
  for (const path of ["", "a.txt", "model/MLmodel", "images/plots~roc+step+1.png", "ü/ä b#.csv"]) {
    const parts = artifactUriParts({ uri, id: "r1", path });
    assert.match(parts.authority, /^[0-9a-f]+$/);
    assert.deepEqual(artifactPlaceOf(parts), { uri, id: "r1", path });
    // VS Code may change the case of an authority.
    assert.deepEqual(artifactPlaceOf({ ...parts, authority: parts.authority.toUpperCase() }), {
      uri,
      id: "r1",
      path,
    });
  }
  for (const authority of ["", "xyz", "abc"]) assert.equal(artifactPlaceOf({ authority, path: "/r1/a" }), undefined);
  assert.equal(artifactPlaceOf({ authority: "61", path: "/" }), undefined);
});

test("a note's address tells whose it is; its name cannot lead elsewhere", () => {
  const place = { uri, of: "run", id: "r1" } as const;
  for (const name of ["eta=0.06", "../../etc/passwd", "a/b\\c", "", "x\n"]) {
    const parts = noteUriParts(place, name);
    assert.deepEqual(notePlaceOf(parts), place, name);
    assert.ok(parts.path.startsWith("/run/r1/") && parts.path.endsWith(".md"));
  }
  assert.equal(notePlaceOf({ authority: "61", path: "/trace/1/x.md" }), undefined);
  assert.equal(notePlaceOf({ authority: "61", path: "/run/r1" }), undefined);
});

test("a run's source is told by its tags", () => {
  const facts = (tags: Record<string, string>) =>
    sourceFacts(
      Object.entries(tags).map(([key, value]) => ({ key, value })),
      "/work",
    );
  const [name, type, commit] = ["mlflow.source.name", "mlflow.source.type", "mlflow.source.git.commit"];
  assert.deepEqual(facts({ [name]: "train.py" }), { isProject: false, path: "/work/train.py" });
  assert.deepEqual(facts({ [name]: "file:///repo#sub/dir", [type]: "PROJECT", [commit]: "a".repeat(40) }), {
    isProject: true,
    path: "/repo/sub/dir",
    commit: "a".repeat(40),
  });
  assert.deepEqual(facts({ [name]: "https://github.com/x/y", [commit]: "--upload-pack=evil" }), { isProject: false });
});

test("a commit is found around its source, shown as it was and checked out once", async () => {
  const folder = realpathSync(temporaryFolder("flowdeck-git-"));
  const root = join(folder, "repo");
  mkdirSync(join(root, "sub"), { recursive: true });
  const run = (...args: string[]) => execFileSync("git", ["-C", root, ...args], { encoding: "utf8" }).trim();
  const author = ["-c", "user.name=m", "-c", "user.email=m@example.org"];
  run("init", "-q");
  writeFileSync(join(root, "sub/train.py"), "one");
  run("add", ".");
  run(...author, "commit", "-qm", "one");
  const commit = run("rev-parse", "HEAD");
  writeFileSync(join(root, "sub/train.py"), "two");
  assert.equal(await git.repositoryOf(commit, [join(folder, "none"), join(root, "sub/gone/train.py")]), root);
  assert.equal(await git.repositoryOf("f".repeat(40), [root]), undefined);
  assert.equal(await git.fileAt(root, commit, git.pathInside(root, join(root, "sub/train.py"))), "one");
  assert.equal(await git.fileAt(root, commit, "none.py"), undefined);
  const beside = git.worktreeFolder(root, commit);
  assert.equal(beside, join(folder, `repo-${commit.slice(0, 7)}`));
  assert.equal(await git.existingWorktree(root, commit), undefined);
  await git.addWorktree(root, commit, beside, new AbortController().signal);
  assert.ok(existsSync(join(beside, "sub/train.py")));
  assert.equal(await git.existingWorktree(root, commit), beside);
  await assert.rejects(git.addWorktree(root, commit, beside, new AbortController().signal), {
    error_code: "INVALID_STATE",
    message: /holds something already/,
  });
});
