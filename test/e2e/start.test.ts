import { equal, match } from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { after, test } from "node:test";
import { root, temporaryFolder, until } from "../support/environment.ts";
import { launchBrowser } from "./support/browser.ts";
import { freePort } from "../support/ports.ts";
import { e2eSkip, resultsFolder } from "./support/machine.ts";
import { clickFor } from "./support/rows.ts";

// `npm start` as a person has it: a fresh clone, the system's Node, nothing installed in it.

const folder = temporaryFolder("flowdeck-start-");
const clone = join(folder, "clone");

/** The environment of a shell outside this repository; profile and example copy go to `folder`. */
function environment(): NodeJS.ProcessEnv {
  const own = join(root, "node_modules", ".bin");
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((entry) => entry !== own);
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|INIT_CWD$)/.test(name));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter), FLOWDECK_START_HOME: join(folder, "home") };
}

function npmStart(port: number) {
  const child = spawn("npm", ["start", "--", "--browser", "--port", String(port)], {
    cwd: clone,
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const signal = (name: NodeJS.Signals) => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, name);
  };
  after(() => signal("SIGKILL"));
  return { output: () => output, ended, signal, isOver: () => child.exitCode !== null || child.signalCode !== null };
}

test("a fresh clone serves the example in an editor and ends at Ctrl-C", { skip: e2eSkip }, async () => {
  equal(spawnSync("git", ["clone", "--quiet", root, clone]).status, 0);
  const port = await freePort();
  const start = npmStart(port);
  const url = await until(
    "npm start prints its address",
    () => {
      if (start.isOver()) throw new Error(`npm start ended:\n${start.output()}`);
      return /Flowdeck is ready at (\S+)/.exec(start.output())?.[1];
    },
    300_000,
  );
  match(url, new RegExp(`^http://127\\.0\\.0\\.1:${port}/`));

  const taken = npmStart(port);
  equal(await taken.ended, 1);
  match(
    taken.output(),
    new RegExp(`Port ${port} is taken by another program\\. Choose another: npm start -- --port \\d+`),
  );

  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(120_000);
    await page.goto(url);
    await page.getByRole("treeitem", { name: "MLproject" }).waitFor();
    await clickFor(
      page.locator(".activitybar .action-label[aria-label^='Flowdeck']").first(),
      page.locator(".sidebar .pane-header[aria-label^='Experiments']"),
    );
    await page.screenshot({ path: join(resultsFolder, "start.png") });
  } finally {
    await browser.close();
  }

  const told = start.output();
  start.signal("SIGINT");
  // npm itself ends by the signal; ours says nothing more and leaves nothing behind.
  await start.ended;
  await until("the port is free again", async () => !(await isListening(port)));
  equal(start.output(), told);
});

async function isListening(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/healthz`);
    return true;
  } catch {
    return false;
  }
}
