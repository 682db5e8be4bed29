// The store process as it is packed, without an editor around it: what a panel's host asks.
import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { root } from "../../scripts/tools/run.mjs";
import { connect } from "../../src/protocol/rpc.ts";
import { storeUri } from "../../src/store/open.ts";

/** ms for which the process does nothing: it has looked at what there is, so that it notices changes. */
const CALM = 400;

/** A process that has the database open and has answered nothing yet, as the extension has it from its start on. */
export async function startStoreProcess(path) {
  const child = fork(join(root, "dist/store.js"), [], { execArgv: [], serialization: "advanced" });
  child.setMaxListeners(0);
  const port = {
    post: (message) => child.connected && child.send(message),
    onMessage: (listener) => {
      child.on("message", listener);
      return () => child.off("message", listener);
    },
  };
  const uri = storeUri(path);
  await connect(port).remote.open({ uri });
  await untilCalm(child.pid);
  return {
    uri,
    store: connect(port, uri).remote,
    /** CPU time of all its threads, in ms. */
    cpu: () => cpuOf(child.pid),
    async stop() {
      child.kill();
      await once(child, "exit");
    },
  };
}

async function untilCalm(pid) {
  for (let calm = 0, before = cpuOf(pid); calm < CALM; ) {
    await pause(50);
    const now = cpuOf(pid);
    calm = now - before < 1 ? calm + 50 : 0;
    before = now;
  }
}

/** The scheduler's own count, which is finer than the ticks of /proc/<pid>/stat. */
function cpuOf(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  const spent = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]),
  );
  return spent.reduce((sum, ns) => sum + ns, 0) / 1e6;
}
