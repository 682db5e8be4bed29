import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, realpath, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { isGitUri } from "../../src/projects/gitSources.ts";
import { fetchProject } from "../../src/projects/sources.ts";
import { temporaryFolder, until, whenOver } from "../support/environment.ts";
import { gitIn } from "../support/gitServer.ts";
import { smallDisk } from "../support/smallDisk.ts";
import { zipOf } from "../support/zip.ts";

const fetchFrom = (uri: string, more: { version?: string; folder?: string; stop?: AbortSignal } = {}) =>
  fetchProject({ folder: "/", say: () => undefined, stop: new AbortController().signal, ...more, uri });

async function repository() {
  const root = await realpath(temporaryFolder());
  const git = gitIn(root);
  git("init", "--quiet", "--initial-branch", "trunk");
  await mkdir(join(root, "sub"));
  await writeFile(join(root, "sub", "a.txt"), "one");
  git("add", ".");
  git("commit", "--quiet", "-m", "one");
  git("tag", "v1");
  await writeFile(join(root, "sub", "a.txt"), "two");
  git("commit", "--quiet", "-a", "-m", "two");
  return { root, git };
}

test("a version of a repository is found in a folder of its own; what the person has changed or staged stays", async () => {
  const { root, git } = await repository();
  await writeFile(join(root, "sub", "a.txt"), "mine");
  await writeFile(join(root, "sub", "staged.txt"), "");
  git("add", "sub/staged.txt");
  const before = [git("status", "--porcelain"), git("rev-parse", "--abbrev-ref", "HEAD"), git("remote")];
  const source = await fetchFrom(`${root}#sub`, { version: "v1" });
  assert.equal(await readFile(join(source.folder, "a.txt"), "utf8"), "one");
  assert.equal(source.name, `file://${root}#sub`);
  assert.deepEqual([git("status", "--porcelain"), git("rev-parse", "--abbrev-ref", "HEAD"), git("remote")], before);
  assert.equal(await readFile(join(root, "sub", "a.txt"), "utf8"), "mine");
  await source.remove();
  assert(!existsSync(source.folder));
  assert.equal(git("worktree", "list").split("\n").length, 1);
});

test("a folder below the top of a repository has versions, too, and a branch is told", async () => {
  const { root, git } = await repository();
  git("branch", "side", "v1");
  const source = await fetchFrom(join(root, "sub"), { version: "side" });
  assert.deepEqual([await readFile(join(source.folder, "a.txt"), "utf8"), source.branch], ["one", "side"]);
  await source.remove();
});

test("a version that would write to a branch is refused, and the repository stays as it is", async () => {
  const { root, git } = await repository();
  git("remote", "add", "origin", (await repository()).root);
  await assert.rejects(fetchFrom(root, { version: "trunk:written" }), /Unable to checkout version/);
  assert.equal(git("branch", "--format=%(refname:short)"), "trunk");
});

test("a locked worktree that its owner has moved is theirs", async () => {
  const { root, git } = await repository();
  const moved = join(temporaryFolder(), "project");
  const reason = `flowdeck runs this: ${JSON.stringify({ pid: 2 ** 22 - 1, started: "1" })}`;
  git("worktree", "add", "--quiet", "--detach", "--lock", "--reason", reason, moved, "v1");
  const source = await fetchFrom(root, { version: "v1" });
  assert(existsSync(moved));
  await source.remove();
});

test("the worktree of a run that was ended without warning is removed by the next one", async () => {
  const { root, git } = await repository();
  const lost = join(temporaryFolder("flowdeck-worktree-"), "project");
  const reason = `flowdeck runs this: ${JSON.stringify({ pid: 2 ** 22 - 1, started: "1" })}`;
  git("worktree", "add", "--quiet", "--detach", "--lock", "--reason", reason, lost, "v1");
  git("worktree", "add", "--quiet", "--detach", "--lock", "--reason", "mine", `${root}-mine`, "v1");
  const source = await fetchFrom(root, { version: "trunk" });
  assert.deepEqual([existsSync(lost), existsSync(`${root}-mine`), existsSync(source.folder)], [false, true, true]);
  await source.remove();
  git("worktree", "remove", "--force", "--force", `${root}-mine`);
});

test("a version of a repository is found with its submodules and theirs, and nothing is written into its configuration", async () => {
  const [deep, inner, outer] = [await repository(), await repository(), await repository()];
  for (const [{ git }, below, name] of [
    [inner, deep, "deep"],
    [outer, inner, "inner"],
  ] as const) {
    git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", below.root, name);
    git("commit", "--quiet", "-m", "with submodule");
  }
  // As in a clone whose submodules were never asked for.
  outer.git("config", "--remove-section", "submodule.inner");
  const config = join(outer.root, ".git", "config");
  const before = await readFile(config, "utf8");
  Object.assign(process.env, {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "protocol.file.allow",
    GIT_CONFIG_VALUE_0: "always",
  });
  try {
    const source = await fetchFrom(outer.root, { version: "trunk" });
    assert.equal(await readFile(join(source.folder, "inner/deep/sub/a.txt"), "utf8"), "two");
    assert.equal(await readFile(config, "utf8"), before);
    await source.remove();
    assert.equal(await readFile(config, "utf8"), before);
  } finally {
    for (const key of ["COUNT", "KEY_0", "VALUE_0"]) delete process.env[`GIT_CONFIG_${key}`];
  }
});

test("a repository is fetched with its submodules and without its history", async () => {
  const inner = await repository();
  const { root, git } = await repository();
  git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.root, "inner");
  git("commit", "--quiet", "-m", "with submodule");
  const settings = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "protocol.file.allow", GIT_CONFIG_VALUE_0: "always" };
  Object.assign(process.env, settings);
  try {
    // A `file:` URI is a folder in place, so the repository is named by its ssh-like form through a local transport.
    const bare = join(temporaryFolder(), "bare.git");
    git("clone", "--quiet", "--bare", root, bare);
    process.env["GIT_CONFIG_COUNT"] = "2";
    Object.assign(process.env, {
      GIT_CONFIG_KEY_1: `url.file://${dirname(bare)}/.insteadOf`,
      GIT_CONFIG_VALUE_1: "host:",
    });
    const source = await fetchFrom("host:bare.git");
    assert.equal(await readFile(join(source.folder, "inner/sub/a.txt"), "utf8"), "two");
    assert.equal(gitIn(source.folder)("rev-list", "--count", "HEAD"), "1");
    assert.equal(source.name, "host:bare.git");
    await source.remove();
    assert(!existsSync(source.folder));
  } finally {
    for (const key of Object.keys(process.env).filter((name) => name.startsWith("GIT_CONFIG_")))
      delete process.env[key];
  }
});

const addresses: [uri: string, isGit: boolean][] = [
  ["https://host/a.git", true],
  ["ssh://git@host:22/a", true],
  ["git@host.example:team/a.git", true],
  ["host:a", true],
  ["no/such/folder", false],
  ["folder", false],
  ["C:\\projects\\a", false],
];
for (const [uri, isGit] of addresses) {
  test(`${uri} is ${isGit ? "" : "not "}asked of git`, () => assert.equal(isGitUri(uri), isGit));
}

const refused: [what: string, uri: () => Promise<string> | string, version: string | undefined, sentence: RegExp][] = [
  [
    "a folder that is not there",
    () => "/no/such",
    undefined,
    /\/no\/such is no folder of this machine and no address of a repository\.$/,
  ],
  ["a dot below", () => `${tmpdir()}#v1.2/x`, undefined, /'\.' is not allowed in project subdirectory paths/],
  [
    "a version of what is no repository",
    () => temporaryFolder(),
    "v1",
    /Setting a version is only supported for Git project URIs/,
  ],
  [
    "a version that is not there",
    async () => (await repository()).root,
    "v9",
    /Unable to checkout version 'v9' of git repo .*ensure that the version exists/,
  ],
  [
    "a version that is an option",
    async () => (await repository()).root,
    "--upload-pack=x",
    /is no branch, tag or commit/,
  ],
  ["a ZIP file that is none", () => textZip("not a zip"), undefined, /is not a ZIP file/],
  [
    "a ZIP file that leaves its folder",
    () => zipped({ "../x": "" }),
    undefined,
    /Zip file member \.\.\/x attempts path traversal/,
  ],
  ["a ZIP file with a whole path", () => zipped({ "/tmp/x": "" }), undefined, /attempts path traversal/],
  [
    "a damaged ZIP file",
    () => zipped({ a: "a".repeat(100) }, (bytes) => bytes.fill(0xff, 40, 44)),
    undefined,
    /is damaged/,
  ],
];
for (const [what, uri, version, sentence] of refused) {
  test(`${what} is refused in one sentence, and nothing is left behind`, async () => {
    const given = await uri();
    const { TMPDIR } = process.env;
    process.env["TMPDIR"] = temporaryFolder();
    try {
      await assert.rejects(fetchFrom(given, version === undefined ? {} : { version }), sentence);
      assert.deepEqual(await readdir(tmpdir()), []);
    } finally {
      if (TMPDIR === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = TMPDIR;
    }
  });
}

test("a ZIP file is unpacked with its folders, packed and unpacked members, and programs stay programs", async () => {
  const file = await zipped({ "sub/a.sh": "echo 1\n".repeat(50), "sub/ü.txt": "é", "sub/deep/empty": "" });
  const source = await fetchFrom(`${file}#sub`);
  assert.deepEqual((await readdir(source.folder)).toSorted(), ["a.sh", "deep", "ü.txt"]);
  assert.equal(await readFile(join(source.folder, "a.sh"), "utf8"), "echo 1\n".repeat(50));
  assert.equal(await readFile(join(source.folder, "ü.txt"), "utf8"), "é");
  assert.equal(source.name, file);
  await source.remove();
});

test("a ZIP file is fetched with the user and password of its address, which are told to nobody", async () => {
  const bytes = await readFile(await zipped({ "a.txt": "1" }));
  const server = createServer((request, response) => {
    const isKnown = request.headers.authorization === `Basic ${Buffer.from("me:p w").toString("base64")}`;
    response.writeHead(isKnown ? 200 : 401).end(isKnown ? bytes : "");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  whenOver(() => server.close());
  const address = server.address();
  const host = `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  const source = await fetchFrom(`http://me:p%20w@${host}/a.zip`);
  assert.deepEqual([await readdir(source.folder), source.name], [["a.txt"], `http://${host}/a.zip`]);
  await source.remove();
  await assert.rejects(fetchFrom(`http://me:no@${host}/a.zip`), (error: Error) =>
    error.message.endsWith(`401 Unauthorized for http://${host}/a.zip`),
  );
});

const disk = smallDisk(1);

test("a disk that is full while a ZIP file is fetched or unpacked is told as that, and nothing is left behind", {
  skip: disk === undefined && "this account may not mount a small disk",
}, async () => {
  const bytes = randomBytes(1_500_000);
  const archive = zipOf({ "a.bin": bytes.toString("base64") });
  const file = join(temporaryFolder(), "a.zip");
  await writeFile(file, archive);
  const server = createServer((_, response) => void response.writeHead(200).end(archive));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const before = process.env["TMPDIR"];
  const folder = (process.env["TMPDIR"] = disk ?? "");
  whenOver(() => {
    server.closeAllConnections();
    server.close();
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  });
  const address = server.address();
  const uri = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/a.zip`;
  for (const one of [uri, file]) {
    await assert.rejects(fetchFrom(one), {
      error_code: "IO_ERROR",
      message: `There is no space left in ${folder} for this project; make room there, or set TMPDIR to another folder.`,
    });
    assert.deepEqual(await readdir(folder), []);
  }
});

test("of a ZIP file that does not come to its end nothing is left behind", async () => {
  const server = createServer((_, response) => void response.writeHead(200).write("half"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const before = process.env["TMPDIR"];
  const folder = (process.env["TMPDIR"] = temporaryFolder());
  whenOver(() => {
    server.closeAllConnections();
    server.close();
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  });
  const address = server.address();
  const uri = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/a.zip`;
  const controller = new AbortController();
  const fetching = assert.rejects(fetchFrom(uri, { stop: controller.signal }), /Stopped while/);
  await until("the first half", async () => (await readdir(folder)).some((name) => name.endsWith(".zip")));
  controller.abort();
  await fetching;
  assert.deepEqual(await readdir(folder), []);
});

async function textZip(text: string): Promise<string> {
  const file = join(temporaryFolder(), "a.zip");
  await writeFile(file, text);
  return file;
}

async function zipped(members: Record<string, string>, spoil: (bytes: Buffer) => void = () => undefined) {
  const file = join(temporaryFolder(), "a.zip");
  const bytes = zipOf(members);
  spoil(bytes);
  await writeFile(file, bytes);
  return file;
}
