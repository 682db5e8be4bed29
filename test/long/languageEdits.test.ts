import { test } from "node:test";
import { editRandomly } from "../support/languageEdits.ts";
import { seedOf, share } from "../support/long.ts";

/** Lists of one to ten edits: some 5,500 in all. */
const LISTS = 1_000;

test("random edits neither end the language server nor leave it out of step with a fresh read", async () => {
  await editRandomly(Math.ceil(LISTS * share), seedOf("edits of MLproject files"));
});
