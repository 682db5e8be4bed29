import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { relocated } from "../../src/store/relocated.ts";
import { temporaryFolder } from "../support/environment.ts";

test("folders that are missing are looked for less and less often, and found once they are there", async ({ mock }) => {
  mock.timers.enable({ apis: ["Date"], now: 1_700_000_000_000 });
  const base = temporaryFolder();
  const artifact_uri = "/elsewhere/mlruns/1/run/artifacts";
  let looks = 0;
  const samples = async () => {
    looks += 1;
    return [artifact_uri];
  };
  const store = relocated({ getRun: async () => ({ info: { artifact_uri } }) }, [base], samples);
  const ask = async () => {
    mock.timers.tick(1_000);
    return (await store.getRun()).info.artifact_uri;
  };
  for (let second = 0; second < 3_600; second++) assert.equal(await ask(), artifact_uri);
  assert.ok(looks > 10 && looks < 40, `${looks} looks in an hour`);
  const here = join(base, "1/run/artifacts");
  mkdirSync(here, { recursive: true });
  let waited = 1;
  while ((await ask()) !== here && waited < 3_600) waited += 1;
  assert.ok(waited <= 121, `found after ${waited} s`);
});
