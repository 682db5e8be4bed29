import { deepEqual, equal, match, ok } from "node:assert/strict";
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
import { freePort, processesWith } from "../support/scoring.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";

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

/** Chooses from the menu of a row. */
async function choose(row: Locator, title: string): Promise<void> {
  await row.click({ button: "right" });
  // A menu hears no click in the moment in which it opens.
  await editor.page.locator(".monaco-menu").getByRole("menuitem", { name: title, exact: true }).hover();
  await editor.page.keyboard.press("Enter");
}

function notification(text: string | RegExp): Locator {
  return editor.page.locator(".notification-list-item").filter({ hasText: text });
}

/** The server that this editor has at the moment. */
function serverNow(): ScoringServer | undefined {
  const folder = join(editor.server.userData, "User/globalStorage/flowdeck.flowdeck/serving");
  const [file] = readdirSync(folder).filter((each) => each.endsWith(".json"));
  return file === undefined ? undefined : readState(join(folder, file))?.server;
}

/** Rows of the Serving view; their names begin with the model and the state. */
const row = (name: string | RegExp) => editor.treeItem(name);

async function version(number: number): Promise<Locator> {
  const found = row(new RegExp(`^Version ${number},`));
  if ((await found.count()) > 0) return found;
  const model = row(/^wine-quality, 4/);
  await model.waitFor();
  if ((await model.getAttribute("aria-expanded")) === "false") await model.locator(".monaco-tl-twistie").click();
  // The view is lower than its rows, of which only those on screen are there.
  await model.hover();
  await until("the version to be on screen", async () => {
    await editor.page.mouse.wheel(0, 200);
    return (await found.count()) > 0;
  });
  return found;
}

/** Says yes to the question about the model's author. */
async function trust(answer: RegExp): Promise<void> {
  const dialog = editor.page.locator(".monaco-dialog-box");
  await dialog.waitFor();
  await dialog.getByRole("button", { name: answer }).click();
}

test(
  "a version is served from the Models view, answers its curl line, outlives a reload, and stops whole",
  { skip },
  () =>
    editor.step("served", async () => {
      await choose(await version(2), "Serve Model…");
      await editor.page.locator(".monaco-dialog-box").waitFor();
      await editor.screenshot("trust");
      await trust(/Serve This Model/);
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
      equal((await editor.statusItem("serving").innerText()).trim(), "1 serving");
      await row(/^wine-quality 2, ready/).hover();
      await editor.page.locator(".monaco-hover:visible", { hasText: "models:/wine-quality/2" }).waitFor();
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
      deepEqual(processesWith(id), []);
    }),
);

test("a port that is taken is told with another one, which is a click away", { skip }, () =>
  editor.step("port taken", async () => {
    const port = await freePort();
    const holder: Server = createServer().listen(port, "127.0.0.1");
    try {
      await choose(await version(2), "Serve Model With…");
      await editor.quickPick("Port");
      await editor.page.locator(".quick-input-widget input:visible").fill(String(port));
      await editor.page.keyboard.press("Enter");
      await editor.page.locator(".quick-input-widget", { hasText: String(port) }).waitFor();
      await editor.screenshot("form");
      await editor.quickPick("Serve wine-quality 2");
      const told = notification(`Port ${port} is taken by another program, so wine-quality 2 was not served.`);
      await told.waitFor();
      await editor.screenshot("port-taken");
      await told.getByRole("button", { name: /^Serve on \d+$/ }).click();
      const started = row(/^wine-quality 2, starting/);
      await started.waitFor();
      ok(!new RegExp(`:${port}\\b`).test((await started.getAttribute("aria-label")) ?? ""));
      await choose(started, "Stop Server");
      await started.waitFor({ state: "hidden" });
    } finally {
      holder.close();
    }
  }),
);

test("an alias that moves is asked for once, and its server starts again with the version it names", { skip }, () =>
  editor.step("moved alias", async () => {
    await editor.runCommand("Flowdeck: Serve Model…");
    await editor.quickPick("wine-quality@champion");
    // Version 2 is trusted already.
    await row(/^wine-quality@champion, starting/).waitFor();
    const move = async (to: string) => {
      const store = openStore(models.uri);
      await store.setRegisteredModelAlias({ name: "wine-quality", alias: "champion", version: to });
      store.close();
    };
    await move("4");
    const asked = notification(/@champion of wine-quality moved from 2 to 4/);
    await asked.waitFor();
    await editor.screenshot("moved");
    await asked.getByRole("button", { name: "Restart with 4" }).click();
    await trust(/Trust All Models of mlflow\.db/);
    const served = row(/^wine-quality@champion, (?:starting|ready)/);
    await until("it serves version 4", () => serverNow()?.model?.version === "4", 30_000);
    await served.waitFor();
    equal(await asked.count(), 0);
    const back = notification(/@champion of wine-quality moved from 4 to 2/);
    await move("2");
    await back.waitFor();
    await back.getByRole("button", { name: "Keep 4" }).click();
    await back.waitFor({ state: "hidden" });
    const asksAgain = async () => {
      // Two moves in a moment are none to a window that looks after both.
      await move("4");
      await row(/^Version 4, .*@champion/).waitFor();
      await move("2");
      return back.waitFor({ timeout: 5_000 }).then(
        () => true,
        () => false,
      );
    };
    await until("a move that was asked about before to be asked about again", asksAgain, 40_000);
    await back.getByRole("button", { name: "Keep 4" }).click();
    await choose(served, "Stop Server");
    await served.waitFor({ state: "hidden" });
  }),
);

test("a model whose package is missing is told by name, with the command that installs it", { skip }, () =>
  editor.step("missing package", async () => {
    await editor.runCommand("Flowdeck: Serve Model…");
    await editor.quickPick("forecast 1");
    const told = notification(/forecast 1 needs forecast-tools==1\.4\.0, which .* does not have/);
    await told.waitFor({ timeout: 90_000 });
    await row(/^forecast 1, failed/).waitFor();
    const { id = "" } = serverNow() ?? {};
    await editor.screenshot("missing-package");
    await told.getByRole("button", { name: "Show Log" }).click();
    await editor.page.locator(".panel .view-lines", { hasText: "non zero return code" }).waitFor();
    await editor.screenshot("log");
    await choose(row(/^forecast 1, failed/), "Remove Server from List");
    await row(/^forecast 1,/).waitFor({ state: "hidden" });
    deepEqual(processesWith(id), []);
  }),
);

test("a server that failed in another window goes from the list when that one removes it", { skip }, () =>
  editor.step("removed elsewhere", async () => {
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
          await until(`${command} says why`, () => refusals() === before + 1, 20_000);
        }
      }
      equal(await untrusted.page.locator(".monaco-dialog-box, .quick-input-widget:visible").count(), 0);
      await untrusted.screenshot("untrusted");
      await untrusted.evaluate('await vscode.commands.executeCommand("notifications.showList")');
      const told = untrusted.page.locator(".notifications-center .notification-list-item").first();
      await told.getByText("This workspace is not trusted, so no model is served from it.").waitFor();
      await told.getByRole("button", { name: "Manage Workspace Trust" }).waitFor();
      equal(await untrusted.evaluate("return vscode.window.terminals.length"), 0);
      const storage = join(untrusted.server.userData, "User/globalStorage/flowdeck.flowdeck");
      equal(existsSync(join(storage, "serving")), false);
      equal(existsSync(join(storage, "servers")), false);
    });
  } finally {
    await untrusted.close();
  }
});
