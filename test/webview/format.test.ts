import assert from "node:assert/strict";
import { test } from "node:test";
import {
  allNumbers,
  countOf,
  cutMiddle,
  formatAge,
  formatAgo,
  formatBytes,
  formatCount,
  formatDate,
  formatDuration,
  formatMetric,
  formatStart,
  formatTimestamp,
  isOutside,
  metricFormat,
} from "../../src/webview/ui/format.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test("a metric column is written with one number of decimals", () => {
  const cases: [number[], string[]][] = [
    [
      [0.5571, 0.748],
      ["0.5571", "0.7480"],
    ],
    [
      [248.12, 26.53],
      ["248.1", "26.5"],
    ],
    [
      [1234.5, 99.25],
      ["1235", "99"],
    ],
    [
      [0.002, 0.0051],
      ["0.002000", "0.005100"],
    ],
    [
      [12, 300],
      ["12", "300"],
    ],
    [[0], ["0"]],
    [
      [-0.25, 0.5],
      ["−0.2500", "0.5000"],
    ],
    [
      [-0.00001, 1.5],
      ["0.000", "1.500"],
    ],
  ];
  for (const [values, expected] of cases) {
    const format = metricFormat(values);
    assert.deepEqual(
      values.map((value) => formatMetric(value, format)),
      expected,
    );
  }
});

test("different neighbours never look equal while decimals are left", () => {
  const values = [0.55221, 0.55224, 0.7];
  const format = metricFormat(values);
  assert.deepEqual(
    values.map((value) => formatMetric(value, format)),
    ["0.55221", "0.55224", "0.70000"],
  );
});

test("very small and very large columns have four digits and an exponent", () => {
  const cases: [number[], string[]][] = [
    [
      [0.0000123, -0.00000456],
      ["1.230e−5", "−4.560e−6"],
    ],
    [
      [12345678, 3],
      ["1.235e7", "3.000e0"],
    ],
  ];
  for (const [values, expected] of cases) {
    const format = metricFormat(values);
    assert.deepEqual(
      values.map((value) => formatMetric(value, format)),
      expected,
    );
  }
});

test("NaN and infinities are named, also as SQLite stores keep them", () => {
  const format = metricFormat([1.5]);
  assert.equal(formatMetric(Number.NaN, format), "NaN");
  assert.equal(formatMetric(Number.POSITIVE_INFINITY, format), "∞");
  assert.equal(formatMetric(-1.7976931348623157e308, format), "−∞");
  assert.deepEqual([Number.NaN, 1.7976931348623157e308, 1e300].map(isOutside), [true, true, false]);
});

test("durations have one unit up to a minute, then two", () => {
  const cases: [number, string][] = [
    [18, "18 ms"],
    [999.9, "999 ms"],
    [1700, "1.7 s"],
    [59_990, "59.9 s"],
    [MINUTE, "1 m 00 s"],
    [3 * MINUTE + 12 * SECOND, "3 m 12 s"],
    [HOUR + 4 * MINUTE, "1 h 04 m"],
    [DAY + 3 * HOUR, "1 d 03 h"],
    [-5, "0 ms"],
  ];
  for (const [ms, expected] of cases) assert.equal(formatDuration(ms), expected);
});

test("ages have one unit to 8 weeks, then a date", () => {
  const now = Date.UTC(2026, 4, 20, 12);
  const cases: [number, string][] = [
    [9 * MINUTE, "9 m"],
    [2 * HOUR, "2 h"],
    [DAY, "1 d"],
    [8 * 7 * DAY, "8 w"],
    [69 * DAY, "12 Mar 2026"],
    [-HOUR, "0 s"],
  ];
  for (const [age, expected] of cases) assert.equal(formatAge(now - age, now), expected);
});

test("what is older than some weeks is not told as so long ago, and a time that is not known not as 1970", () => {
  const now = Date.UTC(2026, 10, 27, 12);
  const cases: [number, string][] = [
    [now - 3 * HOUR, "3 h ago"],
    [now - 56 * DAY, "8 w ago"],
    [Date.UTC(2026, 2, 12, 12), "12 Mar 2026"],
    [0, "–"],
    [Number.NaN, "–"],
  ];
  for (const [time, expected] of cases) assert.equal(formatAgo(time, now), expected);
  assert.deepEqual([formatAge(0, now), formatStart(0, now), formatTimestamp(0)], ["–", "–", "not known"]);
});

test("dates and counts are written as Intl writes them", () => {
  const parts = { day: "numeric", month: "short", year: "numeric" } as const;
  const [day, clock] = [parts, { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const].map(
    (options) => new Intl.DateTimeFormat("en-GB", options),
  );
  for (let month = 0; month < 12; month++) {
    const time = new Date(2026, month, 1 + month * 2, month * 2, month * 5, 59 - month).getTime();
    assert.equal(formatDate(time), day?.format(time));
    assert.equal(formatStart(time, 0), `${day?.format(time)} ${clock?.format(time)}`);
  }
  for (const language of ["en", "en-US", "en-GB", "en-IN", "de", "fr", "ja", "ar-EG", "pt-BR"]) {
    const format = new Intl.NumberFormat(language);
    for (const count of [0, 7, 999, 1000, 12_345, 1_234_567]) {
      assert.equal(formatCount(count, language), format.format(count), language);
    }
  }
});

test("a time beyond all dates is told as it is", () => {
  assert.equal(formatStart(1.76e18, 0), "1760000000000000000 ms");
  assert.equal(formatTimestamp(1.76e18), "1760000000000000000 ms");
  assert.match(formatTimestamp(1), /^\S+ \S+ 19\d\d \d\d:\d\d:\d\d (?:UTC|GMT\S+)$/);
});

test("bytes are 1000-based with one decimal below 10", () => {
  const cases: [number, string][] = [
    [0, "0 B"],
    [642, "642 B"],
    [1100, "1.1 kB"],
    [9_960, "10 kB"],
    [340_000, "340 kB"],
    [999_600, "1.0 MB"],
    [1_200_000, "1.2 MB"],
  ];
  for (const [bytes, expected] of cases) assert.equal(formatBytes(bytes), expected);
});

test("counts are separated in the editor's language", () => {
  assert.equal(formatCount(1279, "en"), "1,279");
  assert.equal(formatCount(1279, "de"), "1.279");
  assert.equal(countOf(1, "run", "en"), "1 run");
  assert.equal(countOf(1279, "run", "en"), "1,279 runs");
});

test("names are cut in the middle and never in their digits", () => {
  assert.equal(cutMiddle("gentle-crane-512", 12), "gentle-…-512");
  assert.equal(cutMiddle("short", 12), "short");
  assert.equal(cutMiddle("abcdefghijklmnopqrst", 9), "abcd…qrst");
});

test("a column is numeric only if every logged value is a number", () => {
  assert.equal(allNumbers(["0.80", null, "1e-3"]), true);
  assert.equal(allNumbers(["0.80", "auto"]), false);
  assert.equal(allNumbers(["", "1"]), false);
  assert.equal(allNumbers([null]), false);
});
