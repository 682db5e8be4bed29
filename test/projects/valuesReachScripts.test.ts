import { test } from "node:test";
import { checkNames, checkValues } from "../support/values.ts";

// Seeded samples; the full counts are in test/long.

test("values with quotes, spaces, line ends, $() and backticks reach the program as they were given, declared or not, however long", async () => {
  await checkValues(30, 1);
});

test("names of values that are not declared reach the program as they were given", async () => {
  await checkNames(20, 1);
});
