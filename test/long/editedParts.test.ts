import { test } from "node:test";
import { readEditedParts } from "../support/editedParts.ts";
import { seedOf, share } from "../support/long.ts";

/** Lists of one to ten edits. */
const LISTS = 2_000;

test("entry points read one by one are those of a file read as a whole, whatever is edited", () => {
  readEditedParts(Math.ceil(LISTS * share), seedOf("parts of MLproject files"));
});
