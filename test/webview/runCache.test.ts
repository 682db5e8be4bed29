import assert from "node:assert/strict";
import { test } from "node:test";
import { RunCache } from "../../src/webview/ui/chart/runCache.ts";
import { until } from "../support/environment.ts";

test("what came roughly is asked again once something is known of every run", async () => {
  const asked: string[] = [];
  const fetch = async (_key: string, ids: string[], first: boolean) => {
    asked.push(`${ids.join(" ")} ${first ? "first" : "again"}`);
    // Run d has a short history, which comes exactly at once.
    return new Map(ids.map((id) => [id, first && id !== "d" ? "rough" : "exact"]));
  };
  const failed = (error: unknown) => assert.fail(String(error));
  const cache = new RunCache<string>(fetch, failed, 2, (what) => what === "rough");
  cache.setRuns(["a", "b", "c", "d"]);
  cache.want("loss", true);
  const known = () => [...cache.of("loss").value.values()];
  await until("all are exact", () => known().length === 4 && known().every((what) => what === "exact"));
  assert.deepEqual(asked, ["a b first", "c d first", "a b again", "c again"]);
  assert.ok(cache.answered("loss"));
  cache.changed(["d"]);
  await until("it is read again", () => asked.at(-1) === "d again");
});
