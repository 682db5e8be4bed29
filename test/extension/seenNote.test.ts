import assert from "node:assert/strict";
import { test } from "node:test";
import { seenNote, toldSize } from "../../src/extension/tracking/notes/seenNote.ts";

test("a note keeps its time as long as its text, and another text is later, whatever the clock says", () => {
  const first = seenNote(undefined, "one", 5_000);
  assert.equal(seenNote(first, "one", 6_000), first);
  assert.deepEqual(seenNote(first, "two", 6_000), { text: "two", mtime: 6_000 });
  assert.deepEqual(seenNote(first, "two", 5_000), { text: "two", mtime: 5_001 });
  assert.deepEqual(seenNote(first, "two", 1_000), { text: "two", mtime: 5_001 });
});

test("a note read in a later session is later than all that was read in the one before", () => {
  let before = seenNote(undefined, "", 5_000);
  for (const text of ["a", "b", "c"]) before = seenNote(before, text, 5_100);
  assert.ok(seenNote(undefined, "c", 9_000).mtime > before.mtime);
});

test("texts of the same length have other sizes, and none is a large document for it", () => {
  const texts = ["Lower eta.", "Raise eta.", "Lower ate.", "Lower eta!", "ä".repeat(10), "a".repeat(20)];
  assert.equal(new Set(texts.map(toldSize)).size, texts.length);
  assert.equal(toldSize(""), 0);
  for (const text of texts) assert.ok(toldSize(text) < 1_100_000);
});
