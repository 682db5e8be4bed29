import assert from "node:assert/strict";
import { test } from "node:test";
import { PageHosts } from "../../src/extension/panels/pageHosts.ts";
import { connect, type Port } from "../../src/protocol/rpc.ts";

interface RunPage {
  rename(query: { run_name: string }): Promise<string>;
}

/** Both ends of a webview's one message channel; each message arrives a turn later. */
function webview(): { page: Port; panel: Port; heard: () => number } {
  const ends = { page: new Set<(message: unknown) => void>(), panel: new Set<(message: unknown) => void>() };
  const port = (own: "page" | "panel"): Port => ({
    post: (message) => setImmediate(() => ends[own === "page" ? "panel" : "page"].forEach((hear) => hear(message))),
    onMessage: (listener) => {
      ends[own].add(listener);
      return () => void ends[own].delete(listener);
    },
  });
  return { page: port("page"), panel: port("panel"), heard: () => ends.panel.size };
}

/** The host of a run's page; it takes a while, as a store does. */
function hostOf(run_id: string): RunPage {
  return {
    rename: async ({ run_name }) => {
      await new Promise(setImmediate);
      return `${run_id} is ${run_name}`;
    },
  };
}

test("what a page asked just before another run took its place is done to its own run", async () => {
  const { page, panel } = webview();
  const hosts = new PageHosts(panel);
  const first = connect<RunPage>(page, hosts.next(hostOf("first"))).remote;
  const asked = first.rename({ run_name: "hare" });
  const second = connect<RunPage>(page, hosts.next(hostOf("second"))).remote;
  // The page before is not gone yet: its field loses the focus, and saves.
  const late = first.rename({ run_name: "fox" });
  assert.equal(await asked, "first is hare");
  assert.equal(await late, "first is fox");
  assert.equal(await second.rename({ run_name: "owl" }), "second is owl");
});

test("pages that are long gone are listened to no more, and none when the panel is closed", () => {
  const { panel, heard } = webview();
  const hosts = new PageHosts(panel);
  const channels = Array.from({ length: 50 }, (_, n) => hosts.next(hostOf(String(n))));
  assert.equal(new Set(channels).size, 50);
  assert.equal(heard(), 2);
  hosts.dispose();
  assert.equal(heard(), 0);
});
