import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { listVersions } from "../../src/projects/gitVersions.ts";
import { fetchProject } from "../../src/projects/sources.ts";
import { root, skipWithout, temporaryFolder } from "../support/environment.ts";
import { gitIn } from "../support/gitServer.ts";
import { findSshd, standInSsh, startSshServer, type SshServer } from "../support/sshServer.ts";

// Repositories over ssh: the person's own git and ssh against sshd on this machine. Where that is missing, a program that stands for ssh
// shows what does not need hosts and keys.

const sshd = findSshd();
const way = sshd === undefined ? "a program in place of ssh" : "sshd";
const top = temporaryFolder("flowdeck-over-ssh-");
const bare = join(top, "project.git");
let server: SshServer;
let commit = "";

before(async () => {
  server = sshd === undefined ? await standInSsh() : await startSshServer(sshd);
  Object.assign(process.env, server.env, { GIT_TERMINAL_PROMPT: "0" });
  const inner = await repository("inner", { "a.txt": "inner" });
  gitIn(top)("clone", "--quiet", "--bare", inner.folder, "inner.git");
  const { folder, git } = await repository("outer", {
    "sub/MLproject": 'entry_points: {main: {command: "cat a.txt"}}\n',
    "sub/a.txt": "one",
  });
  commit = git("rev-parse", "HEAD");
  git("tag", "v1");
  await writeFile(join(folder, "sub/a.txt"), "two");
  git("submodule", "--quiet", "add", `${server.url}${join(top, "inner.git")}`, "inner");
  git("commit", "--quiet", "-a", "-m", "two");
  git("branch", "side", "v1");
  gitIn(top)("clone", "--quiet", "--bare", folder, bare);
});

async function repository(name: string, files: Record<string, string>) {
  const folder = join(top, name);
  await mkdir(join(folder, "sub"), { recursive: true });
  const git = gitIn(folder);
  git("init", "--quiet", "--initial-branch", "trunk");
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  git("add", ".");
  git("commit", "--quiet", "-m", "one");
  return { folder, git };
}

const fetch = (uri: string, version?: string) =>
  fetchProject({
    ...{ uri, folder: "/", say: () => undefined, stop: new AbortController().signal },
    ...(version === undefined ? {} : { version }),
  });

const versions: [version: string | undefined, text: string, branch: string | undefined][] = [
  [undefined, "two", undefined],
  ["side", "one", "side"],
  ["v1", "one", undefined],
  ["COMMIT", "one", undefined],
];
for (const [version, text, branch] of versions) {
  test(`a folder of a repository by ${way}, ${version ?? "its default branch"}`, async () => {
    const uri = `${server.url}${bare}#sub`;
    const source = await fetch(uri, version === "COMMIT" ? commit : version);
    assert.equal(await readFile(join(source.folder, "a.txt"), "utf8"), text);
    assert.deepEqual([source.name, source.branch], [uri, branch]);
    if (version === undefined)
      assert.equal(await readFile(join(source.folder, "../inner/a.txt"), "utf8"), "inner", "its submodule came by ssh");
    await source.remove();
    assert(!existsSync(source.folder));
  });
}

test(`a repository is named as host:path, and tells its versions, by ${way}`, async () => {
  const source = await fetch(`${server.short}${bare}`, "v1");
  assert.equal(source.name, `${server.short}${bare}`);
  await source.remove();
  const { branches, tags, defaultBranch } = await listVersions(`${server.short}${bare}`, new AbortController().signal);
  assert.deepEqual([defaultBranch, branches.toSorted(), tags], ["trunk", ["side", "trunk"], ["v1"]]);
});

/** `flowdeck run` in a terminal of its own whose input is not read: a question there would wait for ever. */
async function runInTerminal(uri: string, ...more: string[]): Promise<{ code: number | null; printed: string }> {
  const words = [process.execPath, join(root, "src/cli/main.ts"), "run", uri, "--env-manager", "local", ...more];
  const line = `${words.map((word) => `'${word}'`).join(" ")} < /dev/null`;
  const cwd = temporaryFolder();
  const env = { ...process.env, TMPDIR: cwd, XDG_STATE_HOME: join(cwd, "state"), LC_ALL: "C" };
  const child = spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], {
    ...{ cwd, env, stdio: ["pipe", "pipe", "pipe"] },
    timeout: 240_000,
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (part: Buffer) => (printed += part.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const left = (await readdir(cwd)).filter((name) => name.startsWith("flowdeck-project-"));
  assert.deepEqual(left, [], "what was begun is removed");
  return { code, printed };
}

const skip = skipWithout(sshd, "sshd");
const lastLine = (printed: string) => printed.trim().split(/\r?\n/).at(-1) ?? "";

/** Without what the file says while `work` goes on. */
async function without(file: string, work: () => Promise<void>): Promise<void> {
  const text = await readFile(file, "utf8");
  await writeFile(file, "");
  try {
    await work();
  } finally {
    await writeFile(file, text);
  }
}

for (const more of [[], ["-v", "v1"]]) {
  const what = more.length === 0 ? "the default branch" : "a version";
  test(`a host that ssh does not know is told in one sentence, ${what}`, { skip }, () =>
    without(server.knownHosts, async () => {
      const { code, printed } = await runInTerminal(`${server.url}${bare}`, ...more);
      assert.equal(code, 1, printed);
      assert.match(printed, /Host key verification failed/);
      assert.match(
        lastLine(printed),
        /^Flowdeck: 127\.0\.0\.1:\d+ does not let git read ssh:\/\/\S+ with the credentials that it has\.$/,
      );
    }),
  );

  test(`a key that is not let in is told in one sentence, and nobody waits for a password, ${what}`, { skip }, () =>
    without(server.authorizedKeys, async () => {
      const { code, printed } = await runInTerminal(`${server.url}${bare}`, ...more);
      assert.equal(code, 1, printed);
      assert.match(printed, /Permission denied/);
      assert.doesNotMatch(printed, /password:/);
      assert.match(lastLine(printed), /does not let git read ssh:\/\/\S+ with the credentials that it has\.$/);
    }),
  );
}

test("a host that does not answer, and a repository that is not there, are told in one sentence", {
  skip,
}, async () => {
  const dead = await runInTerminal(`ssh://127.0.0.1:1${bare}`);
  assert.match(lastLine(dead.printed), /^Flowdeck: 127\.0\.0\.1:1 does not answer git; check the address/);
  const absent = await runInTerminal(`${server.url}${top}/none.git`);
  assert.match(lastLine(absent.printed), /^Flowdeck: There is no repository ssh:\S+, or you may not read it/);
});

test(`flowdeck run fetches by ${way} and runs what it fetched`, async () => {
  const { code, printed } = await runInTerminal(`${server.url}${bare}#sub`, "-v", "v1");
  assert.equal(code, 0, printed);
  assert.match(printed, /^one/m);
});
