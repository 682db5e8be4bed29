import { equal, match, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Locator } from "playwright-core";
import { readState, removeServer, stateFileOf, writeState } from "../../src/models/serving/stateFile.ts";
import { ownMark } from "../../src/processes/processes.ts";
import type { ScoringServer } from "../../src/protocol/serving.ts";
import { openStore } from "../../src/store/open.ts";
import { findPython, skipWithout, until } from "../support/environment.ts";
import { realModels, type RealModels } from "../support/realModels.ts";
import { freePort } from "../support/ports.ts";
import { processesWith } from "../support/scoring.ts";
import { comes } from "./support/acting.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";
import { choose, findRow, hover, unfold } from "./support/rows.ts";
import { answer, notification, told } from "./support/told.ts";

// Real models served by the real mlflow from the real editor, and what goes wrong on the way.

const python = findPython();
const skip = e2eSkip || skipWithout(python, "Python with mlflow");
let editor: Editor;
let models: RealModels;

before(async () => {
  if (skip !== false) return;
  models = await realModels();
  const port = await freePort();
  const settings = { "flowdeck.python.interpreter": python, "flowdeck.serving.port": port };
  editor = await openEditor({ name: "serving", settings });
  await editor.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await editor.openFolder(models.folder);
  await editor.onlyViews("Models", "Serving");
});
after(() => editor?.close());

/** The server that this editor has at the moment. */
function serverNow(): ScoringServer | undefined {
  const folder = join(editor.server.userData, "User/globalStorage/flowdeck.flowdeck/serving");
  if (!existsSync(folder)) return undefined;
  const [file] = readdirSync(folder).filter((each) => each.endsWith(".json"));
  return file === undefined ? undefined : readState(join(folder, file))?.server;
}

/** Rows of the Serving view; their names begin with the model and the state. */
const row = (name: string | RegExp) => editor.treeItem(name);

/** A version of wine-quality in the Models view, which is lower than its rows. */
async function version(number: number, more = ""): Promise<Locator> {
  const view = editor.view("Models");
  await unfold(await findRow(view, /^wine-quality, 4/));
  return findRow(view, new RegExp(`^Version ${number},${more}`));
}

/** What was trusted, be it by a test that failed afterwards: it is asked about no more. */
const trusted = { version: false, all: false };

/** Says yes to the question about the model's author, where it comes. */
async function trust(what: "version" | "all"): Promise<void> {
  if (trusted[what] || trusted.all) return;
  const dialog = editor.page.locator(".monaco-dialog-box");
  const answer = what === "version" ? /Serve This Model/ : /Trust All Models of mlflow\.db/;
  await dialog.waitFor();
  await dialog.getByRole("button", { name: answer }).click();
  await dialog.waitFor({ state: "detached" });
  trusted[what] = true;
}

/** Ends what a test that failed has left. */
async function noServers(): Promise<void> {
  if (serverNow() === undefined) return;
  await editor.closeEverything();
  await editor.evaluate('vscode.commands.executeCommand("flowdeck.serving.stopAll"); return 1');
  await until("no server is left", () => serverNow() === undefined, 60_000);
}

test(
  "a version is served from the Models view, answers its curl line, outlives a reload, and stops whole",
  { skip },
  () =>
    editor.step("served", async () => {
      await choose(await version(2), "Serve Model…");
      await editor.page.locator(".monaco-dialog-box").waitFor();
      await editor.screenshot("trust");
      await trust("version");
      await row(/^wine-quality 2, starting/).waitFor();
      await row(/^wine-quality 2, ready/).waitFor({ timeout: 90_000 });
      await choose(row(/^wine-quality 2, ready/), "Copy as curl");
      const line = await until("the line to be copied", async () => {
        const text = String(await editor.evaluate("return vscode.env.clipboard.readText()"));
        return text.startsWith("curl ") && text;
      });
      const answer = execFileSync("bash", ["-c", line.replace("curl ", "curl -s ")], { encoding: "utf8" });
      match(answer, /^\{"predictions": \[/);
      await row(/^wine-quality 2, ready, :\d+, 1 request$/).waitFor();
      await editor
        .statusItem("serving")
        .filter({ hasText: /^\s*1 serving\s*$/ })
        .waitFor();
      await hover(row(/^wine-quality 2, ready/), "models:/wine-quality/2");
      await editor.inThemes("served");

      await editor.reload();
      await editor.onlyViews("Models", "Serving");
      const again = row(/^wine-quality 2, ready, :\d+, 1 request$/);
      await again.waitFor({ timeout: 60_000 });
      await editor.screenshot("reloaded");
      const { id = "" } = serverNow() ?? {};
      ok(processesWith(id).length >= 4);
      await choose(again, "Stop Server");
      await row(/^wine-quality 2,/).waitFor({ state: "hidden" });
      await until("nothing of it is left", () => processesWith(id).length === 0);
    }),
);

test("a port that is taken is told with another one, which is a click away", { skip }, () =>
  editor.step("port taken", async () => {
    await noServers();
    const port = await freePort();
    const holder: Server = createServer().listen(port, "127.0.0.1");
    try {
      await choose(await version(2), "Serve Model With…");
      await editor.quickPick("Port");
      // A box without a title: its prompt tells it from the list before.
      await editor.page.locator(".quick-input-message", { hasText: "Port on 127.0.0.1" }).waitFor();
      await editor.page.locator(".quick-input-widget .quick-input-box input").fill(String(port));
      await editor.page.keyboard.press("Enter");
      await editor.page.locator(".quick-input-widget", { hasText: String(port) }).waitFor();
      await editor.screenshot("form");
      await editor.quickPick("Serve wine-quality 2");
      await trust("version");
      const taken = `Port ${port} is taken by another program, so wine-quality 2 was not served.`;
      await told(editor, taken);
      await editor.screenshot("port-taken");
      await answer(editor, taken, /^Serve on \d+$/);
      const started = row(/^wine-quality 2, (?:starting|ready)/);
      await started.waitFor();
      ok(!new RegExp(`:${port}\\b`).test((await started.getAttribute("aria-label")) ?? ""));
      await choose(started, "Stop Server");
      await row(/^wine-quality 2,/).waitFor({ state: "hidden" });
    } finally {
      holder.close();
    }
  }),
);

test("an alias that moves is asked for once, and its server starts again with the version it names", { skip }, () =>
  editor.step("moved alias", async () => {
    await noServers();
    await editor.runCommand("Flowdeck: Serve Model…");
    await editor.quickPick("wine-quality@champion");
    // The version that it names is trusted already.
    await trust("version");
    const served = row(/^wine-quality@champion, (?:starting|ready)/);
    await served.waitFor();
    const move = async (to: string) => {
      const store = openStore(models.uri);
      await store.setRegisteredModelAlias({ name: "wine-quality", alias: "champion", version: to });
      store.close();
    };
    await move("4");
    const asked = /@champion of wine-quality moved from 2 to 4/;
    await told(editor, asked);
    await editor.screenshot("moved");
    await answer(editor, asked, "Restart with 4");
    await trust("all");
    await until("it serves version 4", () => serverNow()?.model?.version === "4", 60_000);
    await served.waitFor();
    await notification(editor, asked).waitFor({ state: "detached" });
    const moved = /@champion of wine-quality moved from 4 to 2/;
    const back = notification(editor, moved);
    await move("2");
    await answer(editor, moved, "Keep 4");
    await back.waitFor({ state: "hidden" });
    let tries = 0;
    const asksAgain = async () => {
      // Two moves in a moment are none to a window that looks after both, and that it has looked is seen nowhere: each try
      // leaves it more time in between.
      await move("4");
      await version(4, ".*@champion");
      tries += 1;
      await comes(back, 500 * tries);
      await move("2");
      return comes(back);
    };
    await until("a move that was asked about before to be asked about again", asksAgain, 90_000);
    await answer(editor, moved, "Keep 4");
    await choose(served, "Stop Server");
    await row(/^wine-quality@champion,/).waitFor({ state: "hidden" });
  }),
);

test("a model whose package is missing is told by name, with the command that installs it", { skip }, () =>
  editor.step("missing package", async () => {
    await noServers();
    await editor.runCommand("Flowdeck: Serve Model…");
    await editor.quickPick("forecast 1");
    await trust("all");
    const missing = /forecast 1 needs forecast-tools==1\.4\.0, which .* does not have/;
    await told(editor, missing, 120_000);
    await row(/^forecast 1, failed/).waitFor();
    const { id = "" } = serverNow() ?? {};
    await editor.screenshot("missing-package");
    await answer(editor, missing, "Show Log");
    await editor.page.locator(".panel .view-lines", { hasText: "non zero return code" }).waitFor();
    await editor.screenshot("log");
    await choose(row(/^forecast 1, failed/), "Remove Server from List");
    await row(/^forecast 1,/).waitFor({ state: "hidden" });
    await until("nothing of it is left", () => processesWith(id).length === 0);
  }),
);

test("a server that failed in another window goes from the list when that one removes it", { skip }, () =>
  editor.step("removed elsewhere", async () => {
    await noServers();
    const folder = join(editor.server.userData, "User/globalStorage/flowdeck.flowdeck/serving");
    const id = "of-another-window";
    const server: ScoringServer = {
      ...{ id, store: models.uri, model_uri: "models:/echo/1", title: "echo 1", host: "127.0.0.1", port: 5999 },
      ...{ url: "http://127.0.0.1:5999", state: "failed", problem: { text: "echo 1 ended." }, started: Date.now() },
      ...{ requests: 0, failures: 0, env_manager: "local", workers: 1, timeout: 60, keep: false, log: "" },
    };
    const control = { port: 1, token: "t" };
    const state = {
      format: 1,
      server,
      python: "p",
      served_uri: "models:/echo/1",
      program: ownMark(),
      control,
    } as const;
    ok(writeState(stateFileOf(folder, id), state));
    await row(/^echo 1, failed, echo 1 ended\./).waitFor();
    removeServer(folder, id);
    await row(/^echo 1, failed/).waitFor({ state: "hidden" });
  }),
);

test("in a folder that is not trusted nothing is served, and each command says why", { skip }, async () => {
  const settings = {
    "security.workspace.trust.startupPrompt": "never",
    "security.workspace.trust.banner": "never",
    "security.workspace.trust.untrustedFiles": "open",
    "flowdeck.python.interpreter": python,
  };
  const untrusted = await openEditor({ name: "serving-untrusted", settings, trusted: false });
  try {
    await untrusted.step("untrusted", async () => {
      await untrusted.openFolder(models.folder);
      equal(await untrusted.evaluate("return vscode.workspace.isTrusted"), false);
      await untrusted.onlyViews("Models", "Serving");
      await untrusted.treeItem(/^wine-quality, 4/).waitFor();
      const refusals = () => untrusted.log().match(/not trusted, so no model is served from it/g)?.length ?? 0;
      const target = JSON.stringify({ uri: models.uri, name: "wine-quality", version: "2" });
      for (const command of ["serve", "serveWith", "buildImage"]) {
        for (const argument of [target, "undefined"]) {
          const before = refusals();
          const call = `vscode.commands.executeCommand("flowdeck.serving.${command}", ${argument}); return 1`;
          await untrusted.evaluate(call);
          await until(`${command} says why`, () => refusals() === before + 1, 60_000);
        }
      }
      equal(await untrusted.page.locator(".monaco-dialog-box, .quick-input-widget:visible").count(), 0);
      await untrusted.screenshot("untrusted");
      await untrusted.evaluate('await vscode.commands.executeCommand("notifications.showList")');
      const item = untrusted.page.locator(".notifications-center .notification-list-item").first();
      await item.getByText("This workspace is not trusted, so no model is served from it.").waitFor();
      await item.getByRole("button", { name: "Manage Workspace Trust" }).waitFor();
      equal(await untrusted.evaluate("return vscode.window.terminals.length"), 0);
      const storage = join(untrusted.server.userData, "User/globalStorage/flowdeck.flowdeck");
      equal(existsSync(join(storage, "serving")), false);
      equal(existsSync(join(storage, "servers")), false);
    });
  } finally {
    await untrusted.close();
  }
});
