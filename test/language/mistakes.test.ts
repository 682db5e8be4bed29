import { ok } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { shared, skipWithout } from "../support/environment.ts";
import { scoreOf } from "../support/mistakeScore.ts";
import { MISTAKES, spoil } from "../support/mistakes.ts";
import { randomFrom } from "../support/random.ts";

const folder = shared("mlprojects");

/** One file in so many; FLOWDECK_EVERY=1 takes all of them. */
const EVERY = Number(process.env["FLOWDECK_EVERY"] ?? 5);
const SEED = Number(process.env["FLOWDECK_SEED"] ?? 6);

test("mistakes planted in real files are told where they are, and nothing else is", {
  skip: skipWithout(folder, "../shared/mlprojects"),
}, (t) => {
  const names = readdirSync(folder ?? "").filter((name) => name.endsWith(".MLproject"));
  const files = names
    .filter((_, index) => index % EVERY === 0)
    .map((name) => ({ name, text: readFileSync(join(folder ?? "", name), "utf8") }));
  const all = spoil(files, randomFrom(SEED));
  const score = scoreOf(all);
  const kinds = new Set(all.map((one) => one.kind)).size;
  const recall = score.found / score.planted;
  const precision = score.right / (score.right + score.wrong);
  t.diagnostic(
    `${score.planted} mistakes of ${kinds} kinds: found ${recall.toFixed(4)}, precision ${precision.toFixed(4)}`,
  );
  ok(kinds >= 30 && Object.keys(MISTAKES).length >= kinds, `${kinds} kinds`);
  ok(recall >= 0.98, score.misses.slice(0, 20).join("\n"));
  ok(precision >= 0.99, score.strays.slice(0, 20).join("\n"));
});
