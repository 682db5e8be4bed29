import { test } from "node:test";
import { seedOf, share } from "../support/long.ts";
import { checkNames, checkValues } from "../support/values.ts";

const SETS = Math.ceil(5_000 * share);
const NAMES = Math.ceil(500 * share);

test(`${SETS} sets of 12 values reach the program as they were given`, { timeout: 3_600_000 }, async () => {
  await checkValues(SETS, seedOf("values"));
});

test(`${NAMES} names of values that are not declared reach the program as they were given`, {
  timeout: 3_600_000,
}, async () => {
  await checkNames(NAMES, seedOf("names"));
});
