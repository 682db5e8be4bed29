import { equal, ok } from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openStore, storeUri } from "../../src/store/open.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { type Editor, openEditor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";

// The extension host is ended by SIGKILL while a run goes on, alone and with everything else of Flowdeck.

const skip = e2eSkip;
const folder = join(realpathSync(temporaryFolder("flowdeck-host-")), "wine");
const database = join(folder, "mlflow.db");
const MLPROJECT = `name: wine
entry_points:
  main: {command: "echo $$ > pid.txt; touch up; until [ -e go ]; do sleep 0.1; done"}
`;
let editor: Editor;

before(async () => {
  if (skip !== false) return;
  mkdirSync(folder);
  writeFileSync(join(folder, "MLproject"), MLPROJECT);
  editor = await openEditor({ name: "host" });
  await editor.openFolder(folder);
});
after(() => editor?.close());

/** Statuses of all runs, the newest first. */
async function statuses(): Promise<string> {
  const store = openStore(storeUri(database), { readonly: true });
  try {
    return (await store.searchRuns({ experiment_ids: ["0"] })).items.map(({ info }) => info.status).join();
  } catch {
    return "";
  } finally {
    store.close();
  }
}

/** Processes below the editor's storage, or of this folder, with these words in their command line. */
function processesWith(...words: string[]): number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    let line = "";
    try {
      line = readFileSync(`/proc/${name}/cmdline`, "utf8");
    } catch {
      // It has ended meanwhile.
    }
    return words.every((word) => line.includes(word)) ? [Number(name)] : [];
  });
}

async function startAndKillHost(): Promise<void> {
  for (const name of ["up", "go"]) rmSync(join(folder, name), { force: true });
  const file = join(folder, "MLproject");
  await editor.evaluate(
    `void vscode.commands.executeCommand("flowdeck.projects.run", vscode.Uri.file(${JSON.stringify(file)}).toString(), "main");`,
  );
  await until("the command", () => existsSync(join(folder, "up")), 60_000);
  const pid = await editor.evaluate("return process.pid");
  ok(typeof pid === "number");
  process.kill(pid, "SIGKILL");
  await until("the host to be gone", () => !existsSync(`/proc/${pid}/fd/0`), 60_000);
}

test("a run goes on when the extension host is killed, and is there when the window is back", { skip }, () =>
  editor.step("host", async () => {
    await startAndKillHost();
    await editor.reload();
    // The store may be busy at the moment in which it is asked.
    equal(await until("the run is there", async () => (await statuses()) || undefined), "RUNNING");
    await editor.screenshot("host-killed");
    writeFileSync(join(folder, "go"), "");
    await until("the run to finish", async () => (await statuses()) === "FINISHED", 60_000);
    await editor.screenshot("host-killed-finished");
  }),
);

test(
  "killed with host, runner and server, a run is closed by the next window, and nothing of it is left",
  { skip },
  () =>
    editor.step("all", async () => {
      await startAndKillHost();
      const command = Number(readFileSync(join(folder, "pid.txt"), "utf8"));
      const runners = processesWith("runner.js", "--request", editor.server.userData);
      const servers = processesWith("server.js", `sqlite:///${folder}`);
      ok(runners.length > 0 && servers.length > 0, `${runners.length} runners, ${servers.length} servers`);
      for (const pid of [...runners, ...servers]) process.kill(pid, "SIGKILL");
      await editor.reload();
      await until("the run to be closed", async () => (await statuses()) === "KILLED,FINISHED", 60_000);
      await until("its command to be gone", () => !existsSync(`/proc/${command}/fd/0`), 60_000);
      await editor.screenshot("all-killed");
    }),
);
