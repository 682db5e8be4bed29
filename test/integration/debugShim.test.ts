import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { removeShims, sweepDebugFolders, useDebugFolder, writeShims } from "../../src/projects/debugShim.ts";
import { temporaryFolder, until } from "../support/environment.ts";

// What stands for debugpy tells what it was given; the editor's part, answering with a port, is played by the test.

const top = temporaryFolder("flowdeck-shim-");
const TELLS = "import json, sys\nprint(json.dumps([sys.flags.dont_write_bytecode, sys.warnoptions, sys.argv[1:]]))\n";
let folders = 0;

/** Runs the command as a debugged run would; gives what it printed, and how many Pythons asked for a debugger. */
async function run(command: string, env: NodeJS.ProcessEnv = {}): Promise<{ printed: string; asked: number }> {
  folders += 1;
  const folder = join(top, `it's ${folders}`);
  mkdirSync(folder);
  const debugpy = join(folder, "tells.py");
  writeFileSync(debugpy, TELLS);
  const shims = await writeShims({ folder, debugpy: [debugpy] }, command);
  const answered = new Set<string>();
  let over = false;
  // From a pipe of node's bash reads ~/.bashrc, which may put another Python first.
  const child = spawn("bash", ["-c", shims + command], {
    ...{ cwd: top, env: { ...process.env, ...env } },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const printed = text(child.stdout);
  const ended = once(child, "close").finally(() => (over = true));
  await until("it is over", () => {
    for (const name of readdirSync(folder)) {
      const [, pid] = /^wanted\.(\d+)$/.exec(name) ?? [];
      if (pid === undefined || answered.has(pid)) continue;
      answered.add(pid);
      writeFileSync(join(folder, `port.${pid}`), String(5000 + answered.size));
    }
    return over;
  });
  assert.deepEqual(await ended, [0, null]);
  await removeShims({ folder });
  assert(!existsSync(folder));
  return { printed: (await printed).trim(), asked: answered.size };
}

const to = (port: number, ...words: string[]) => ["--connect", `127.0.0.1:${port}`, ...words];

test("options of the interpreter go before debugpy, what it runs goes behind it, word for word", async () => {
  const { printed } = await run(`python3 -B -W ignore train.py --name "a 'b' \\$(c)" "" -m x`);
  assert.deepEqual(JSON.parse(printed), [1, ["ignore"], to(5001, "train.py", "--name", "a 'b' $(c)", "", "-m", "x")]);
});

test("modules and code are debugged too, written together or apart", async () => {
  const { printed, asked } = await run(`python3 -m wine.train 1; python3 -mwine.train; python3 -c 'print(1)' 2`);
  const words = printed.split("\n").map((line) => (JSON.parse(line) as unknown[])[2]);
  assert.deepEqual(words, [
    to(5001, "-m", "wine.train", "1"),
    to(5002, "-m", "wine.train"),
    to(5003, "-c", "print(1)", "2"),
  ]);
  assert.equal(asked, 3);
});

test("options that stand in one word with what they are for are told apart", async () => {
  const { printed } = await run(
    "python3 -uBm wine.train -um; python3 -BWignore -Xdev train.py; python3 -uBc 'print(1)'",
  );
  assert.deepEqual(
    printed.split("\n").map((line) => JSON.parse(line) as unknown),
    [
      [1, [], to(5001, "-m", "wine.train", "-um")],
      // The development mode has a filter of its own.
      [1, ["default", "ignore"], to(5002, "train.py")],
      [1, [], to(5003, "-c", "print(1)")],
    ],
  );
});

test("a Python that runs no program, or is started by a debugged one, is the real one", async () => {
  const { printed, asked } = await run("python3 --version; echo 'print(6 * 7)' | python3 -");
  assert.match(printed, /^Python 3[^]*\n42$/);
  assert.equal(asked, 0);
  const cut =
    "for option in --check-hash-based-pycs -W -X -m -c; do timeout 200 python3 $option 2>/dev/null; echo $?; done";
  assert.deepEqual(await run(cut), { printed: "2\n2\n2\n2\n2", asked: 0 });
  assert.deepEqual(await run("python3 -c 'print(1)'", { FLOWDECK_DEBUGGED: "1" }), { printed: "1", asked: 0 });
});

test("a Python that is not there is not there", async () => {
  const { printed } = await run("python3.2 train.py 2>&1 || echo $?");
  assert.equal(printed, "python3.2: command not found\n127");
});

test("folders that neither a window nor a runner uses any more are removed at the next start", async () => {
  const root = temporaryFolder();
  const lines: [name: string, owners: string[]][] = [
    ["dead", [JSON.stringify({ pid: process.pid, started: "1" }), "{"]],
    ["nobody's", []],
    ["being made", []],
    ["used", [JSON.stringify({ pid: process.pid, started: "1" })]],
  ];
  for (const [name, owners] of lines) {
    mkdirSync(join(root, name));
    if (owners.length > 0) writeFileSync(join(root, name, "owners"), owners.map((line) => `${line}\n`).join(""));
  }
  await useDebugFolder({ folder: join(root, "used") });
  for (const [name] of lines) if (name !== "being made") utimesSync(join(root, name), 1, 1);
  await sweepDebugFolders(root);
  assert.deepEqual(readdirSync(root).toSorted(), ["being made", "used"]);
  await sweepDebugFolders(join(root, "none"));
});
