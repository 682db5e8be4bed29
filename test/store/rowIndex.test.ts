import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { RowMark } from "../../src/protocol/artifacts.ts";
import { indexRows, readLocalPiece } from "../../src/store/artifactPieces.ts";
import { indexPiece, isBinary } from "../../src/store/rowIndex.ts";
import { temporaryFolder } from "../support/environment.ts";

const START: RowMark = { offset: 0, rows: 0, quoted: false };

test("rows are the same however the file is cut into pieces", () => {
  const text = fc
    .array(fc.constantFrom("a", "\n", '"', ",", "é", "x\n"), { maxLength: 600 })
    .map((all) => all.join(""));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 40 }), fc.boolean(), (written, length, csv) => {
      const bytes = Buffer.from(written);
      const whole = indexPiece(bytes, START, csv);
      let mark = START;
      const starts: number[] = [];
      for (let at = 0; at < bytes.length; at += length) {
        const part = indexPiece(bytes.subarray(at, at + length), mark, csv);
        starts.push(...part.starts);
        mark = part.mark;
      }
      assert.deepEqual({ starts, mark }, bytes.length === 0 ? { starts: [], mark: START } : whole);
    }),
    { numRuns: 300 },
  );
});

test("every 128th row's place is told, and the rows are those of a plain split", async () => {
  const lines = Array.from({ length: 1000 }, (_, i) => `row ${i}`);
  const file = join(temporaryFolder("flowdeck-rows-"), "a.txt");
  const text = `${lines.join("\n")}\n`;
  writeFileSync(file, text);
  const index = await indexRows((offset, length) => readLocalPiece(file, "a.txt", offset, length), {
    path: "a.txt",
    csv: false,
  });
  assert.equal(index.rows, 1000);
  assert.deepEqual(
    [...index.starts],
    lines.flatMap((line, i) => (i % 128 === 0 ? [text.indexOf(`${line}\n`, i === 0 ? 0 : i * 5)] : [])),
  );
});

test("a line end at the end begins no further row, even where it would be told", async () => {
  const file = join(temporaryFolder("flowdeck-rows-"), "a.txt");
  for (const [text, rows, starts] of [
    ["", 0, 0],
    ["\n".repeat(128), 128, 1],
    [`${"\n".repeat(128)}x`, 129, 2],
  ] as const) {
    writeFileSync(file, text);
    const query = { path: "a", csv: false };
    const index = await indexRows((offset, length) => readLocalPiece(file, "a", offset, length), query);
    assert.deepEqual([index.rows, index.starts.length], [rows, starts], JSON.stringify(text.slice(-2)));
  }
});

test("a file is read in parts, each of which says where the next begins", async () => {
  const file = join(temporaryFolder("flowdeck-rows-"), "a.txt");
  writeFileSync(file, "0123456\n".repeat(2_500_000));
  const read = (offset: number, length: number) => readLocalPiece(file, "a", offset, length);
  let from: RowMark | undefined;
  let parts = 0;
  let starts = 0;
  for (;;) {
    const index = await indexRows(read, { path: "a", csv: false, ...(from === undefined ? {} : { from }) });
    parts += 1;
    starts += index.starts.length;
    if (index.next === undefined) {
      assert.deepEqual([index.rows, starts], [2_500_000, Math.ceil(2_500_000 / 128)]);
      break;
    }
    from = index.next;
  }
  assert.equal(parts, 3);
});

test("a zero byte tells that a file is no text", () => {
  assert.equal(isBinary(Buffer.from("héllo\n")), false);
  assert.equal(isBinary(Buffer.from([80, 75, 0, 4])), true);
});
