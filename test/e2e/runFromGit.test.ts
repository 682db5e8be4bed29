import { deepEqual, equal } from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { RUN_TAG, type Run } from "../../src/mlflow/entities.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { temporaryFolder, until, whenOver } from "../support/environment.ts";
import { gitIn, startGitServer } from "../support/gitServer.ts";
import { type Editor, openEditor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";
import { answer, told } from "./support/told.ts";

// Projects that are fetched, from git's own http-backend on this machine. Their commands need no Python.

const skip = e2eSkip;
const top = realpathSync(temporaryFolder("flowdeck-git-"));
const work = join(top, "work");
const database = join(work, "mlflow.db");
let url = "";
let closed = "";
let editor: Editor;

const projectAt = (version: string) => `name: wine
entry_points:
  main:
    parameters:
      alpha: {type: float, default: 0.5}
      data: {type: path, default: .}
    command: "echo ${version} {alpha} && test -d {data}"
  report:
    command: "echo report"
`;

before(async () => {
  if (skip !== false) return;
  const git = gitIn(top);
  const seed = join(top, "seed");
  mkdirSync(join(seed, "projects", "wine"), { recursive: true });
  git("init", "-q", "--initial-branch", "trunk", seed);
  const commit = (version: string, ...more: string[]) => {
    writeFileSync(join(seed, "projects", "wine", "MLproject"), projectAt(version));
    git("-C", seed, "add", ".");
    git("-C", seed, "commit", "-qm", version);
    if (more.length > 0) git("-C", seed, ...more);
  };
  commit("one", "tag", "v0.9");
  commit("two", "tag", "v0.10");
  commit("three", "branch", "side");
  mkdirSync(join(top, "served"));
  git("clone", "-q", "--bare", seed, join(top, "served", "wine.git"));
  git("init", "-q", "--bare", join(top, "served", "empty.git"));
  url = `${await startGitServer(join(top, "served"))}/wine.git`;
  closed = await refusingServer();
  // The workspace is a clone: its own versions run, too.
  git("clone", "-q", seed, work);
  writeFileSync(join(work, ".git", "info", "exclude"), "mlflow.db*\nmlruns\n");
  editor = await openEditor({ name: "run-from-git", env: { TMPDIR: top } });
  await editor.openFolder(work);
});
after(() => editor?.close());

/** A host that lets nobody read. */
async function refusingServer(): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  whenOver(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/wine.git`;
}

/** All runs, newest first; [] while there is no database. */
async function runs(): Promise<Run[]> {
  if (!existsSync(database)) return [];
  const store = openStore(storeUri(database));
  try {
    return (await store.searchRuns({ experiment_ids: ["0"] })).items;
  } finally {
    store.close();
  }
}

function finished(count: number): Promise<Run> {
  return until(
    `run ${count} has ended`,
    async () => {
      const [newest, ...others] = await runs();
      return newest !== undefined && others.length === count - 1 && newest.info.status !== "RUNNING"
        ? newest
        : undefined;
    },
    90_000,
  );
}

const tagOf = (run: Run, key: string) => run.data.tags.find((tag) => tag.key === key)?.value;
const paramOf = (run: Run, key: string) => run.data.params.find((param) => param.key === key)?.value;
const row = (text: string | RegExp) => editor.page.locator(".quick-input-widget .monaco-list-row", { hasText: text });
/** The list before it has a row of the same words. */
const form = () => editor.page.locator(".quick-input-title", { hasText: /^Run main/ }).waitFor();
const fetched = () => readdirSync(top).filter((name) => /^flowdeck-(project|worktree)-/.test(name));
const printed = (text: string) =>
  until(`the terminal has ${text}`, async () => (await editor.terminalText()).includes(text));

test("a project of a repository is found, its version chosen, its values asked, and it runs", { skip }, () =>
  editor.step("fetch", async () => {
    await editor.runCommand("Flowdeck: Run Project from Git…");
    await row("in the clipboard").first().waitFor();
    // A browser without the permission would complain of what was read unasked.
    deepEqual(await editor.notifications(), []);
    await editor.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await editor.evaluate(`await vscode.env.clipboard.writeText(${JSON.stringify(url)})`);
    await editor.quickPick("Paste");
    const input = editor.page.locator(".quick-input-widget .quick-input-box input");
    await until("the address is pasted", async () => (await input.inputValue()) === url);
    await input.fill("https:/nowhere");
    await row("two slashes").first().waitFor();
    await editor.screenshot("address");
    await input.fill(url);
    await editor.quickPick("fetch it and show its entry points");
    await row("default branch").first().waitFor();
    await editor.screenshot("version");
    await until("its versions, the newest first", async () => {
      const labels = await row(/v0/).locator(".label-name:visible").allInnerTexts();
      return labels.map((text) => text.trim()).join() === "v0.10,v0.9";
    });
    await editor.quickPick("v0.10");
    // No MLproject at the top: those below are offered.
    await editor.quickPick("projects/wine");
    await row("main").first().waitFor();
    await editor.screenshot("entry-points");
    await editor.quickPick("main");
    await form();
    // Rows may hold other texts of a list before, unseen.
    await row("float = 0.5").first().click();
    await editor.quickInput("alpha", "0.25");
    await row("0.25").first().waitFor();
    await editor.screenshot("form");
    await editor.quickPick("Run main");
    const run = await finished(1);
    equal(run.info.status, "FINISHED");
    equal(paramOf(run, "alpha"), "0.25");
    equal(tagOf(run, RUN_TAG.sourceName), `${url}#projects/wine`);
    equal(tagOf(run, RUN_TAG.gitCommit), gitIn(work)("rev-parse", "v0.10"));
    await editor.screenshot("ran");
    await printed("two 0.25");
    await until("what was fetched is removed", async () => fetched().length === 0);
    await editor.closeEverything();
  }),
);

test("it runs again from its run, with its commit and values, and its address is offered the next time", { skip }, () =>
  editor.step("again", async () => {
    const [run] = await runs();
    await editor.evaluate(`
      const target = { uri: ${JSON.stringify(storeUri(database))}, run_id: "${run?.info.run_id}" };
      void vscode.commands.executeCommand("flowdeck.tracking.repeatRun", target);
    `);
    await row("0.25").first().waitFor();
    await row("Values of the last run").first().waitFor();
    await editor.screenshot("again-form");
    await editor.quickPick("Run main");
    const again = await finished(2);
    deepEqual([again.info.status, paramOf(again, "alpha")], ["FINISHED", "0.25"]);
    equal(tagOf(again, RUN_TAG.gitCommit), run === undefined ? "" : tagOf(run, RUN_TAG.gitCommit));
    await editor.closeEverything();
    await editor.evaluate(`await vscode.env.clipboard.writeText("")`);
    await editor.runCommand("Flowdeck: Run Project from Git…");
    await row("fetched before").first().waitFor();
    await editor.page.keyboard.press("Escape");
  }),
);

test("a version of the workspace's own project runs in a worktree, and its files stay as they are", { skip }, () =>
  editor.step("version", async () => {
    const git = gitIn(work);
    writeFileSync(join(work, "projects", "wine", "MLproject"), projectAt("mine"));
    const before = [git("status", "--porcelain"), git("rev-parse", "HEAD")];
    await editor.runCommand("Flowdeck: Run Version of Project…");
    await editor.quickPick("main");
    await row("v0.9").first().waitFor();
    await editor.screenshot("versions-here");
    await editor.page.locator(".quick-input-widget .quick-input-box input").fill(git("rev-parse", "v0.9"));
    await editor.quickPick(git("rev-parse", "--short=8", "v0.9"));
    await form();
    await editor.quickPick("Run main");
    const run = await finished(3);
    equal(run.info.status, "FINISHED");
    equal(tagOf(run, RUN_TAG.gitCommit), git("rev-parse", "v0.9"));
    await printed("one 0.5");
    await editor.screenshot("version-ran");
    deepEqual([git("status", "--porcelain"), git("rev-parse", "HEAD")], before);
    await until("the worktree is removed", async () => git("worktree", "list").split("\n").length === 1);
    await until("nothing that was fetched is left", () => fetched().length === 0);
    await editor.closeEverything();
  }),
);

const refused: [what: string, uri: () => string, sentence: RegExp, button: string][] = [
  ["a host that is not there", () => "http://127.0.0.1:9/a.git", /127\.0\.0\.1:9 does not answer git/, "Try Again"],
  ["a host that wants other credentials", () => closed, /does not let git read/, "Fetch in Terminal…"],
  ["a repository that is not there", () => url.replace("wine", "beer"), /There is no repository/, "Other Address…"],
];
for (const [what, uri, sentence, button] of refused) {
  test(`${what} is told in a sentence, with what to do next`, { skip }, () =>
    editor.step(what, async () => {
      await editor.evaluate(
        `void vscode.commands.executeCommand("flowdeck.projects.runFromGit", { uri: ${JSON.stringify(uri())} })`,
      );
      await (await told(editor, sentence)).getByRole("button", { name: button }).waitFor();
      await editor.screenshot(button.toLowerCase().replaceAll(/\W+/g, "-"));
      await editor.evaluate(`await vscode.commands.executeCommand("notifications.clearAll")`);
    }),
  );
}

test("a repository that git may not read unasked is fetched in the run's terminal, where git can ask", { skip }, () =>
  editor.step("terminal", async () => {
    await editor.evaluate(
      `void vscode.commands.executeCommand("flowdeck.projects.runFromGit", { uri: ${JSON.stringify(closed)} })`,
    );
    await answer(editor, /does not let git read/, "Fetch in Terminal…");
    await editor.quickInput("Version to Run", "");
    await editor.quickInput("Entry Point to Run", "main");
    await form();
    await editor.quickPick("Run main");
    // By the editor's own box, which its Git extension gives to every terminal.
    await editor.page.locator(".quick-input-widget input[placeholder^=Username]").waitFor();
    await editor.screenshot("asks");
    await editor.page.keyboard.press("Escape");
    await editor.closeEverything();
    await until("nothing that was fetched is left", async () => fetched().length === 0);
  }),
);

test("a repository in which no MLproject lies is told in a sentence, and what was fetched is removed", { skip }, () =>
  editor.step("none", async () => {
    const git = gitIn(top);
    const bare = join(top, "bare");
    git("init", "-q", bare);
    writeFileSync(join(bare, "a.txt"), "");
    git("-C", bare, "add", ".");
    git("-C", bare, "commit", "-qm", "a");
    git("clone", "-q", "--bare", bare, join(top, "served", "bare.git"));
    const uri = url.replace("wine.git", "bare.git");
    await editor.evaluate(
      `void vscode.commands.executeCommand("flowdeck.projects.runFromGit", { uri: ${JSON.stringify(uri)}, version: "HEAD" })`,
    );
    await told(editor, /There is no MLproject in .*name the folder that holds one behind a #/);
    await editor.screenshot("no-mlproject");
    await until("what was fetched is removed", async () => fetched().length === 0);
    await editor.closeEverything();
  }),
);
