import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MlflowError } from "../../src/mlflow/errors.ts";
import { ROWS_APART } from "../../src/protocol/artifacts.ts";
import { indexRows } from "../../src/store/artifactPieces.ts";
import { parseCsv, separatorOf } from "../../src/webview/ui/viewers/csv.ts";
import { drawMap } from "../../src/webview/ui/viewers/geoMap.ts";
import { languageOf, loadHighlighter } from "../../src/webview/ui/viewers/highlight.ts";
import { loggedTable, readJson, rowsOf } from "../../src/webview/ui/viewers/jsonTree.ts";
import { mediaType, viewerOf } from "../../src/webview/ui/viewers/kinds.ts";
import { type ArtifactAccess, ArtifactReader } from "../../src/webview/ui/viewers/reader.ts";
import { linesOf, RowReader } from "../../src/webview/ui/viewers/rowReader.ts";
import { until } from "../support/environment.ts";

test("a file's viewer is chosen by its name; what no viewer reads is left to an editor", () => {
  const cases: [string, string | undefined][] = [
    ["model/MLmodel", "mlmodel"],
    ["plots/a.PNG", "image"],
    ["a.svg", "image"],
    ["t.tsv", "csv"],
    ["t.parquet", "parquet"],
    ["stdout.log", "text"],
    ["noext", "text"],
    ["model.pkl", undefined],
    ["nb.ipynb", undefined],
    ["a.tar.gz", undefined],
  ];
  for (const [path, kind] of cases) assert.equal(viewerOf(path), kind, path);
  assert.deepEqual(
    [
      mediaType("a.svg", "image"),
      mediaType("a.jpg", "image"),
      mediaType("a.wav", "audio"),
      mediaType("a.mov", "video"),
    ],
    ["image/svg+xml", "image/jpeg", "audio/wav", "video/mp4"],
  );
});

test("CSV is read as it is written: quotes, separators and line ends in fields, empty fields", () => {
  assert.deepEqual(parseCsv('a,"b ""q"", x","1\n2"\r\n,,\nlast', ","), [
    ["a", 'b "q", x', "1\n2"],
    ["", "", ""],
    ["last"],
  ]);
  assert.deepEqual(parseCsv("\uFEFFa;b\n1;2\n", ";"), [
    ["a", "b"],
    ["1", "2"],
  ]);
  assert.deepEqual(
    [separatorOf("x.csv", 'a;"b,c,d,e";f'), separatorOf("x.tsv", "a,b"), separatorOf("x.csv", "one")],
    [";", "\t", ","],
  );
});

test("whatever rows are written as CSV are read again", () => {
  const field = fc.string({ maxLength: 6, unit: fc.constantFrom("a", ",", '"', "\n", "\r", " ", "é") });
  const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 8 });
  fc.assert(
    fc.property(rows, (written) => {
      const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const text = written.map((row) => `${row.map(quote).join(",")}\n`).join("");
      assert.deepEqual(parseCsv(text, ","), written);
    }),
    { numRuns: 300 },
  );
});

test("no text makes the CSV reader stand still", () => {
  const text = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r"), maxLength: 60 });
  fc.assert(fc.property(text, (written) => Array.isArray(parseCsv(written, ","))));
});

test("JSON is a tree of rows; Python's NaN and Infinity stay themselves, and what is wrong has its line", () => {
  const value = readJson('{"a": [1, NaN], "b": {"c": "NaN"}, "d": -Infinity}', "x.json");
  const rows = rowsOf(value, new Set(["", "/a"]));
  assert.deepEqual(
    rows.map(({ key = "", text, depth }) => `${" ".repeat(depth)}${key} ${text}`),
    [" {3 keys}", " a [2 items]", "  0 1", "  1 NaN", " b {1 key}", " d -Infinity"],
  );
  assert.deepEqual(readJson('{"a":1}\n{"a":2}\n', "x.jsonl"), [{ a: 1 }, { a: 2 }]);
  assert.throws(() => readJson('{"a": 1,', "x.json"), {
    message: /^x\.json is no JSON.*; an editor shows it as text\.$/,
  });
});

test("what mlflow.log_table wrote is a table, any other JSON is none", () => {
  const image = { type: "image", filepath: "images/a.png", compressed_filepath: "images/a.webp" };
  assert.deepEqual(
    loggedTable({
      columns: ["a", 1],
      data: [
        [1, null],
        [{ x: 1 }, image],
      ],
    }),
    {
      columns: ["a", "1"],
      rows: [
        ["1", ""],
        ['{"x":1}', "images/a.png"],
      ],
    },
  );
  for (const other of [[], null, { columns: [], data: [] }, { columns: ["a"], data: [[1, 2]] }, { columns: ["a"] }]) {
    assert.equal(loggedTable(other), undefined);
  }
});

test("GeoJSON becomes paths; what is no place is passed over or refused in a sentence", () => {
  const at = (type: string, coordinates: unknown) => ({ type, coordinates });
  const geometry = {
    type: "GeometryCollection",
    geometries: [
      at("Point", [8, 49]),
      at("MultiPolygon", [
        [
          [
            [6, 47],
            [15, 47],
            [8, 55],
            [6, 47],
          ],
        ],
      ]),
      at("LineString", [
        [7, 50],
        [13, 52],
      ]),
      at("Point", ["x", 1]),
      at("Strange", [1, 2]),
    ],
  };
  const map = drawMap(JSON.stringify({ type: "Feature", geometry }), "m");
  assert.deepEqual([map.features, map.points.length, map.areas.match(/[MLZ]/g)?.join("")], [1, 1, "MLLLZ"]);
  assert.equal(map.lines.match(/[ML]/g)?.join(""), "ML");
  assert.ok(map.meridians.length >= 3 && map.meridians.length <= 8);
  assert.throws(() => drawMap('{"type":"FeatureCollection","features":[]}', "m"), /has no place/);
});

test("code is cut into coloured pieces line by line, and a text that has no grammar is plain", async () => {
  const highlight = await loadHighlighter();
  const lines = ['x = """a', 'b"""  # c', ""];
  const pieces = highlight(lines, "python");
  assert.deepEqual(
    pieces.map((line) => line.map(({ text }) => text).join("")),
    lines,
  );
  assert.equal(pieces[1]?.[0]?.kind, "string");
  assert.deepEqual([languageOf("a.py"), languageOf("MLmodel"), languageOf("a.log")], ["python", "yaml", undefined]);
});

function accessTo(content: () => Buffer, modified = () => content().length): ArtifactAccess {
  const read = async (offset: number, length: number) => {
    const bytes = content();
    return {
      bytes: new Uint8Array(bytes.subarray(offset, offset + length)),
      size: bytes.length,
      modified: modified(),
    };
  };
  return {
    read: ({ offset, length }) => read(offset, length),
    index: (query) => indexRows(read, query),
    model: async () => ({ flavors: [], environment: {} }),
    environment: async () => ({ files: [], mismatches: [] }),
    open: () => undefined,
    save: () => undefined,
    link: () => undefined,
  };
}

test("a text is read where it is looked at, and grows without being read from its beginning", async () => {
  let text = Array.from({ length: 1000 }, (_, i) => `line ${i}\n`).join("");
  const reader = new ArtifactReader(
    accessTo(() => Buffer.from(text)),
    "a.log",
  );
  const rows = new RowReader(reader, false, linesOf);
  rows.start();
  await until("all rows", () => rows.known.value.complete);
  assert.equal(rows.known.value.rows, 1000);
  assert.equal((await rows.block(3))[5], `line ${3 * ROWS_APART + 5}`);
  assert.equal((await rows.block(7)).length, 1000 - 7 * ROWS_APART);
  text += "line 1000\n";
  rows.start();
  await until("the new row", () => rows.known.value.rows === 1001);
  assert.equal((await rows.block(7)).at(-1), "line 1000");
  text = "short\n";
  rows.start();
  await until("the file that was written anew", () => rows.known.value.rows === 1);
  assert.deepEqual(await rows.block(0), ["short"]);
});

test("a text that is written anew while it is paged through is read anew, however large it is", async () => {
  const lines = (word: string, count: number) => Buffer.from(`${word} ${"-".repeat(40)}\n`.repeat(count));
  // More than is looked through in one answer.
  let content = lines("one", 250_000);
  let modified = 1;
  const parts: (number | undefined)[] = [];
  const access = accessTo(
    () => content,
    () => modified,
  );
  const index: ArtifactAccess["index"] = (query) => {
    parts.push(query.from?.offset);
    return access.index(query);
  };
  const rows = new RowReader(new ArtifactReader({ ...access, index }, "a.csv"), true, linesOf, 10);
  const whole = (count: number) =>
    until("all rows", () => rows.known.value.complete && rows.known.value.rows === count);
  rows.start();
  await whole(250_000);
  assert.ok(content.length > 8 << 20 && parts.length === 2);
  const stamp = rows.known.value.stamp;

  // It grows: what was looked through stays so.
  content = Buffer.concat([content, lines("one", 10)]);
  modified += 1;
  rows.start();
  await whole(250_010);
  assert.equal(parts.filter((from) => from === undefined).length, 1);
  assert.notEqual(rows.known.value.stamp, stamp);

  // Written anew with longer rows, it is as long as before; nobody says so but the pieces that are read.
  content = Buffer.alloc(content.length, lines("three", 1));
  modified += 1;
  await rows.block(1800);
  await until("it is looked through again", () => rows.known.value.complete && rows.known.value.rows < 250_010);
  assert.match((await rows.block(1800))[0] ?? "", /^three -+$/);
  assert.match((await rows.block(0))[0] ?? "", /^three -+$/);
});

test("rows that are asked for before their places are known are there once they are", async () => {
  const rows = new RowReader(
    new ArtifactReader(
      accessTo(() => Buffer.from("one\n")),
      "a.log",
    ),
    false,
    linesOf,
  );
  rows.start();
  assert.deepEqual(await rows.block(0), []);
  await until("all rows", () => rows.known.value.complete);
  assert.deepEqual(await rows.block(0), ["one"]);
});

test("a row that is read after the file was cut off is no row of another place", async () => {
  let content = Buffer.from(Array.from({ length: 1000 }, (_, i) => `row ${i}\n`).join(""));
  const rows = new RowReader(
    new ArtifactReader(
      accessTo(() => content),
      "a.csv",
    ),
    true,
    linesOf,
    10,
  );
  rows.start();
  await until("all rows", () => rows.known.value.complete);
  content = Buffer.from("left\n");
  assert.deepEqual(await rows.block(5), []);
  await until("the row that is left", () => rows.known.value.rows === 1);
  assert.deepEqual(await rows.block(0), ["left"]);
});

test("rows are there while their places are looked for again", async () => {
  const access = accessTo(() => Buffer.from("row\n".repeat(1000)));
  const looked = Promise.withResolvers<void>();
  let asked = 0;
  const index: ArtifactAccess["index"] = async (query) => {
    asked += 1;
    if (asked === 2) await looked.promise;
    return access.index(query);
  };
  const rows = new RowReader(new ArtifactReader({ ...access, index }, "a.log"), false, linesOf);
  rows.start();
  await until("all rows", () => rows.known.value.complete);
  rows.start();
  assert.equal(asked, 2);
  assert.equal((await rows.block(1)).length, ROWS_APART);
  looked.resolve();
  assert.equal((await rows.block(7)).length, 1000 - 7 * ROWS_APART);
});

test("a block that is asked for while a file that grew is looked through has all of its rows afterwards", async () => {
  let content = Buffer.from("row\n".repeat(2_200_000));
  const access = accessTo(() => content);
  let last: number | undefined;
  const read: ArtifactAccess["read"] = (query) => {
    // What stands before the place that was read to is read last of all.
    if (query.offset + query.length === content.length && last !== undefined) {
      const n = last;
      last = undefined;
      early.push(rows.block(n));
    }
    return access.read(query);
  };
  const early: Promise<string[]>[] = [];
  const rows = new RowReader(new ArtifactReader({ ...access, read }, "a.log"), false, linesOf, 10);
  rows.start();
  await until("all rows", () => rows.known.value.complete);
  const n = Math.floor(2_200_000 / ROWS_APART);
  const before = (await rows.block(n)).length;
  content = Buffer.concat([content, Buffer.from("row\n")]);
  last = n;
  rows.start();
  await until("the new row", () => rows.known.value.rows === 2_200_001);
  assert.equal(early.length, 1);
  assert.equal((await rows.block(n)).length, before + 1);
});

test("a file that is written all the time is looked through again once a pause, and not after its viewer has gone", async () => {
  let modified = 0;
  const access = accessTo(
    () => Buffer.from("row\n".repeat(1000)),
    () => ++modified,
  );
  let asked = 0;
  const index: ArtifactAccess["index"] = (query) => {
    asked += 1;
    return access.index(query);
  };
  const readerOf = () => new ArtifactReader({ ...access, index }, "a.log");
  const rows = new RowReader(readerOf(), false, linesOf, 10);
  rows.start();
  await until("all rows", () => rows.known.value.complete);
  for (const n of [0, 1, 2, 3]) await rows.block(n);
  assert.equal(asked, 1);
  await until("they are looked for again", () => asked === 2);
  // This process ends only if it waits no longer.
  const patient = new RowReader(readerOf(), false, linesOf, 3_600_000);
  patient.start();
  await until("all rows", () => patient.known.value.complete);
  await patient.block(0);
  patient.stop();
  rows.stop();
  assert.equal(asked, 3);
});

test("a store that does not answer for a moment takes nothing away of what is shown", async () => {
  const access = accessTo(() => Buffer.from("one\n"));
  let asked = 0;
  const index: ArtifactAccess["index"] = async (query) => {
    asked += 1;
    if (asked === 2) throw new MlflowError("TEMPORARILY_UNAVAILABLE", "It starts again.");
    return access.index(query);
  };
  const rows = new RowReader(new ArtifactReader({ ...access, index }, "a.log"), false, linesOf, 10);
  rows.start();
  await until("all rows", () => rows.known.value.complete);
  rows.start();
  await until("it is asked again", () => asked === 3);
  assert.equal(rows.failure.value, undefined);
  assert.deepEqual(await rows.block(0), ["one"]);
});

test("a whole file is put together from its pieces", async () => {
  const content = Buffer.alloc(2_500_000, "0123456789");
  const reader = new ArtifactReader(
    accessTo(() => content),
    "a.bin",
  );
  assert.equal((await reader.range(9, 2_400_000)).length, 2_399_991);
  const blob = await reader.blob("text/plain", new AbortController().signal);
  assert.ok(content.equals(Buffer.from(await blob.arrayBuffer())));
  assert.equal(reader.progress.value, 1);
});
