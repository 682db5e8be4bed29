import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, realpath, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { GitProblem, gitProblem } from "../../src/projects/gitProblems.ts";
import { latestCommits, listVersions, readVersions } from "../../src/projects/gitVersions.ts";
import { fetchProject, takeFetched } from "../../src/projects/sources.ts";
import { temporaryFolder, whenOver } from "../support/environment.ts";
import { gitIn, startGitServer } from "../support/gitServer.ts";

const signal = () => new AbortController().signal;

async function served() {
  const top = await realpath(temporaryFolder());
  const git = gitIn(top);
  git("init", "-q", "--initial-branch", "trunk", "seed");
  for (const version of ["one", "two"]) {
    await writeFile(join(top, "seed", "MLproject"), `name: ${version}\n`);
    git("-C", "seed", "add", ".");
    git("-C", "seed", "commit", "-qm", version);
  }
  git("-C", "seed", "branch", "feature/a");
  git("-C", "seed", "tag", "v9", "HEAD~1");
  git("-C", "seed", "tag", "-a", "v10", "-m", "ten");
  await mkdir(join(top, "served"));
  git("clone", "-q", "--bare", "seed", "served/wine.git");
  return { top, git, url: `${await startGitServer(join(top, "served"))}/wine.git` };
}

test("branches and tags of a repository elsewhere are told by git, the latest numbered tag first", async () => {
  const { url } = await served();
  assert.deepEqual(await listVersions(url, signal()), {
    defaultBranch: "trunk",
    branches: ["feature/a", "trunk"],
    tags: ["v10", "v9"],
  });
});

test("an empty repository offers nothing", () => assert.deepEqual(readVersions(""), { branches: [], tags: [] }));

test("the commits of a folder are the ones that changed it", async () => {
  const { top, git } = await served();
  await mkdir(join(top, "seed", "sub"));
  await writeFile(join(top, "seed", "sub", "a.txt"), "");
  git("-C", "seed", "add", ".");
  git("-C", "seed", "commit", "-qm", "sub\tfolder");
  const [commit, ...others] = await latestCommits(join(top, "seed", "sub"), 5);
  assert.deepEqual([commit?.subject, others], ["sub\tfolder", []]);
  assert.equal(commit?.hash, git("-C", "seed", "rev-parse", "HEAD"));
});

test("a question that is stopped ends at once, without a sentence", async () => {
  const server = createServer(() => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  whenOver(() => server.close().closeAllConnections());
  const address = server.address();
  const stop = new AbortController();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const asked = listVersions(`http://127.0.0.1:${port}/a.git`, stop.signal);
  server.once("connection", () => stop.abort());
  await assert.rejects(asked, { error_code: "CANCELLED" });
});

test("what was fetched to be looked at is run as it is, and removed by its run", async () => {
  const { url, git } = await served();
  const source = await fetchProject({
    uri: url,
    version: "trunk",
    folder: "/",
    say: () => undefined,
    stop: signal(),
    quiet: true,
  });
  const { root = "", folder, name, branch = "" } = source;
  git("-C", "served/wine.git", "update-ref", "refs/heads/trunk", "v9");
  const taken = takeFetched({ root, folder, name, branch });
  assert.deepEqual([taken.folder, taken.name, taken.branch], [folder, url, "trunk"]);
  assert.equal(gitIn(taken.folder)("log", "-1", "--format=%s"), "two");
  await taken.remove();
  assert(!existsSync(root));
  assert.throws(() => takeFetched({ root, folder, name, branch }), /was fetched and is gone; run it again\.$/);
});

test("no folder of the person's is taken for one that was fetched, and removed", async () => {
  const folder = await realpath(temporaryFolder());
  assert.throws(() => takeFetched({ root: folder, folder, name: "a" }), /is gone/);
});

const unreadable: [what: string, uri: () => Promise<string> | string, kind: string, sentence: RegExp][] = [
  [
    "a host that is not there",
    () => "http://127.0.0.1:9/a.git",
    "network",
    /^127\.0\.0\.1:9 does not answer git; check/,
  ],
  [
    "a host that wants credentials",
    () => refusing(401),
    "credentials",
    /does not let git read http:\/\/127.* with the credentials that it has\.$/,
  ],
  [
    "a repository that is not there",
    () => refusing(404),
    "absent",
    /^There is no repository http:.*, or you may not read it; check the address\.$/,
  ],
  ["a host in trouble", () => refusing(503), "network", /does not answer git/],
  ["a path that is not there", () => "/no/such/folder", "absent", /^There is no repository \/no\/such\/folder/],
];
for (const [what, uri, kind, sentence] of unreadable) {
  test(`${what} is told in a sentence that says what to do, when asked for versions and when fetched`, async () => {
    const given = await uri();
    const asked = [listVersions(given, signal())];
    const query = { uri: given, folder: "/", say: () => undefined, stop: signal(), quiet: true };
    const both = given.startsWith("/") ? asked : [...asked, fetchProject(query)];
    // Both at once: one that fails while the other is waited for would be nobody's.
    await Promise.all(
      both.map((one) =>
        assert.rejects(
          one,
          (error) => error instanceof GitProblem && error.kind === kind && sentence.test(error.message),
        ),
      ),
    );
  });
}

async function refusing(status: number): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status, status === 401 ? { "www-authenticate": 'Basic realm="git"' } : {}).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  whenOver(() => server.close());
  const address = server.address();
  return `http://me:secret@127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/a.git`;
}

const said: [text: string, kind: string | undefined][] = [
  ["git@host: Permission denied (publickey).\nfatal: Could not read from remote repository.", "credentials"],
  ["Host key verification failed.\nfatal: Could not read from remote repository.", "credentials"],
  [
    "ssh: Could not resolve hostname host: Name or service not known\nPlease make sure you have the correct access rights",
    "network",
  ],
  ["ssh: connect to host host port 22: Connection timed out", "network"],
  ["fatal: unable to access 'https://host/': server certificate verification failed.", "network"],
  ["remote: Repository not found.\nfatal: repository 'https://host/a/' not found", "absent"],
  ["ERROR: Repository not found.\nfatal: Could not read from remote repository.", "absent"],
  ["fatal: couldn't find remote ref v9", undefined],
];
for (const [text, kind] of said) {
  test(`“${text.split("\n")[0]}” is ${kind ?? "left to the caller"}`, () => {
    const problem = gitProblem("ssh://me:secret@host:22/a", text);
    assert.equal(problem?.kind, kind);
    assert.doesNotMatch(problem?.message ?? "", /secret/);
  });
}

test("a certificate that git does not trust is told as what it is", () => {
  const said = "fatal: unable to access 'https://host/': SSL certificate problem: self-signed certificate";
  assert.match(gitProblem("https://host/a.git", said)?.message ?? "", /^git does not trust the certificate of host; /);
});

test("without git it is said what helps", async () => {
  const code = `
    const { listVersions } = await import(${JSON.stringify(new URL("../../src/projects/gitVersions.ts", import.meta.url).href)});
    await listVersions("https://host/a", new AbortController().signal).catch((error) => console.log(error.kind, error.message));
  `;
  const printed = execFileSync(process.execPath, ["--input-type=module", "-e", code], {
    env: { PATH: temporaryFolder() },
  });
  assert.match(printed.toString(), /^missing git was not found; install it/);
});
