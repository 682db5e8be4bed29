import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { makeTemporaryFolder } from "../projects/temporaryFolder.ts";
import { readDiscovery } from "../server/discovery.ts";

/** A tracking server for the time of one run. */
export interface LocalServer {
  tracking_uri: string;
  token: string;
  stop(): Promise<void>;
}

/** ms; a server that did not write its discovery file by then failed to start. A busy machine takes long to start it. */
const START_TIMEOUT = 60_000;
/** How often what it writes down is looked for once it has said that it listens (ms). */
const LOOK = 5;
/** ms that it gets to close its database. */
const END_TIMEOUT = 10_000;

/**
 * Starts the tracking server `program` over a database that may not exist yet, on a free port of this machine.
 * @throws Error with what it printed when it does not come up.
 */
export async function startLocalServer(program: string, database: string): Promise<LocalServer> {
  const folder = await makeTemporaryFolder("flowdeck-server-");
  const file = join(folder, "server.json");
  const uri = `sqlite:///${database}`;
  const args = [program, "--backend-store-uri", uri, "--discovery-file", file, "--access", "token", "--port", "0"];
  // A group of its own: Ctrl-C ends the run first, and the server when the run has told its end. Its input ends with this process.
  const child = spawn(process.execPath, [...args, "--end-with-input"], {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
  });
  child.stdin.on("error", () => undefined);
  let printed = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (printed = (printed + text).slice(-4000)));
  const ended = Promise.withResolvers<void>();
  const listens = new Promise<void>((done) => child.stdout.once("data", () => done()).resume());
  child.once("exit", () => ended.resolve());
  child.once("error", ({ message }) => {
    printed = message;
    ended.resolve();
  });
  const stop = async () => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), END_TIMEOUT);
    await ended.promise;
    clearTimeout(late);
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + START_TIMEOUT;
  await Promise.race([listens, ended.promise, pause(START_TIMEOUT, undefined, { ref: false })]);
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    const discovery = await readDiscovery(file);
    if (discovery !== undefined) {
      return { tracking_uri: `http://127.0.0.1:${discovery.port}`, token: discovery.token, stop };
    }
    await pause(LOOK);
  }
  const { signalCode } = child;
  await stop();
  const last = printed.trim().split("\n").at(-1) ?? "";
  const reason = last !== "" ? last : signalCode === null ? "it took too long" : `${signalCode} ended it`;
  throw new Error(`The tracking server for ${database} did not start: ${reason}`);
}
