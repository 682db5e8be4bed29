import { test } from "node:test";
import { findPython, skipWithout } from "../support/environment.ts";
import { progressOf, share } from "../support/long.ts";
import { servingCycle } from "../support/scoring.ts";

const CYCLES = Math.round(50 * share);
const skip = skipWithout(findPython(), "Python with mlflow");

test(`${CYCLES} servers are started and ended in every way, and no process of them is left`, { skip }, async () => {
  const told = progressOf("serving cycles", CYCLES);
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    await servingCycle(cycle);
    told(cycle + 1);
  }
});
