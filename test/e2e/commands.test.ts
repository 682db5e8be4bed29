import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root, temporaryFolder, until } from "../support/environment.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";

// Every command of the palette where there is nothing to work with: one sentence, or a question that is left, and nothing else.

const skip = e2eSkip;
let editor: Editor;

interface Manifest {
  contributes: {
    commands: { command: string }[];
    menus: { commandPalette: { command: string; when: string }[] };
  };
}

const { contributes } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const hidden = contributes.menus.commandPalette.flatMap((item) => (item.when === "false" ? [item.command] : []));
const titled = contributes.commands.map(({ command }) => command).filter((command) => !hidden.includes(command));

/** These work in an empty folder. */
const WORKS = ["flowdeck.server.start", "flowdeck.platform.showLog", "flowdeck.serving.predict"];
/** These have nothing to say where there is nothing to do. */
const QUIET = [
  "flowdeck.tracking.refresh",
  "flowdeck.models.refresh",
  "flowdeck.models.clearFilter",
  "flowdeck.projects.refresh",
  "flowdeck.tracking.clearFilter",
  "flowdeck.tracking.clearChecked",
];
/** These ask where something is, or what is wanted. */
const ASKS = [
  "flowdeck.models.create",
  "flowdeck.models.filterView",
  "flowdeck.models.openUri",
  "flowdeck.models.registerUri",
  "flowdeck.projects.runFromGit",
  "flowdeck.projects.selectInterpreter",
  "flowdeck.stores.add",
  "flowdeck.stores.choose",
  "flowdeck.tracking.createExperiment",
  "flowdeck.tracking.filterView",
  "flowdeck.tracking.setMetricDirection",
];

before(async () => {
  if (skip !== false) return;
  editor = await openEditor({ name: "commands" });
  await editor.openFolder(temporaryFolder("flowdeck-commands-"));
  await editor.showFlowdeck();
  // It runs, and knows that there is no store.
  await until(
    "a refresh is answered",
    () => editor.evaluate('await vscode.commands.executeCommand("flowdeck.tracking.refresh"); return 1', 60_000),
    60_000,
  );
});
after(() => editor?.close());

/** Runs commands in turn; a question is closed. Returns those that asked. */
async function runInTurn(commands: string[]): Promise<string[]> {
  const question = editor.page.locator(".quick-input-widget:visible");
  const asked = new Set<string>();
  for (const command of commands) {
    let over = false;
    const run = `await vscode.commands.executeCommand(${JSON.stringify(command)}).then(() => 1, () => 1)`;
    const running = editor.evaluate(run, 60_000).finally(() => {
      over = true;
    });
    const closed = until(
      `${command} ends`,
      async () => {
        // One question may follow another.
        if (await question.isVisible()) {
          asked.add(command);
          await editor.evaluate('await vscode.commands.executeCommand("workbench.action.closeQuickOpen")');
        }
        return over;
      },
      60_000,
    );
    await Promise.all([running, closed]);
    await question.waitFor({ state: "hidden" });
  }
  return [...asked];
}

/** What the extension's log says of failures so far, each a code and the sentence that the person read. */
function failures(): string[] {
  return [...editor.log().matchAll(/^.* \[error\] (.*)$/gm)].map(([, line = ""]) => line);
}

test("where there is nothing to work with, every command says why in one sentence, or asks", { skip }, () =>
  editor.step("nothing", async () => {
    const commands = titled.filter((command) => ![...WORKS, ...QUIET].includes(command));
    ok(commands.length > 80);
    const before = failures().length;
    const asked = await runInTurn(commands);
    const failing = commands.filter((command) => !ASKS.includes(command));
    deepEqual(
      asked,
      commands.filter((command) => ASKS.includes(command)),
    );
    const told = await until("every failure is in the log", () => {
      const lines = failures().slice(before);
      return lines.length >= failing.length ? lines : undefined;
    });
    equal(told.length, failing.length);
    for (const [n, line] of told.entries()) {
      // A code that is not ours stands for a sentence that says nothing.
      match(line, /^(INVALID_STATE|RESOURCE_DOES_NOT_EXIST|PERMISSION_DENIED): [A-Z][^\n]{10,120}\.$/, failing[n]);
    }
    await runInTurn(QUIET);
    equal(failures().length, before + failing.length);
    // Of many messages VS Code shows three, or none: its list has the last one at the top.
    await editor.evaluate('await vscode.commands.executeCommand("notifications.showList")');
    const sentence = (told.at(-1) ?? "").replace(/^\w+: /, "");
    await editor.page.locator(".notification-list-item", { hasText: sentence }).waitFor();
    await editor.screenshot("nothing");
  }),
);
