import { match } from "node:assert/strict";
import { test } from "node:test";
import { findPython, skipWithout, until } from "../support/environment.ts";
import { progressOf, share } from "../support/long.ts";
import { artifactsOf, processesWith, serveModel, servingCycle } from "../support/scoring.ts";

const CYCLES = Math.round(50 * share);
const skip = skipWithout(findPython(), "Python with mlflow");

test(`${CYCLES} servers are started and ended in every way, and no process of them is left`, { skip }, async () => {
  const told = progressOf("serving cycles", CYCLES);
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    await servingCycle(cycle);
    told(cycle + 1);
  }
});

test("workers that cannot load their model are not started anew for ever", { skip }, async () => {
  const { request, reaches } = await serveModel(await artifactsOf("forecast"), { workers: 2 });
  const { problem } = await reaches("failed", 180_000);
  match(problem?.text ?? "", /^the model needs forecast-tools==1\.4\.0, which /);
  await until("nothing of it to be left", () => processesWith(request.id).length === 0, 20_000);
});
