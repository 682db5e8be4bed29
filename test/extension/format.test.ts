import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ageText,
  countText,
  cutMiddle,
  durationText,
  metricBehind,
  metricText,
} from "../../src/extension/tracking/format.ts";
import { noProcessText } from "../../src/protocol/runs.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const metrics: [number, string][] = [
  [0.5571, "0.557"],
  [0, "0.000"],
  [-0.0041, "−0.004"],
  [248.1, "248.100"],
  [0.0000123, "1.230e−5"],
  [12_345_678, "1.235e7"],
  [Number.NaN, "NaN"],
  [Number.POSITIVE_INFINITY, "∞"],
  [-Number.MAX_VALUE, "−∞"],
];

const ages: [number, string][] = [
  [-5 * SECOND, "0 s"],
  [59 * SECOND, "59 s"],
  [9 * MINUTE, "9 m"],
  [2 * HOUR + 59 * MINUTE, "2 h"],
  [DAY, "1 d"],
  [9 * DAY, "1 w"],
  [20 * DAY, "2 w"],
];

const durations: [number, string][] = [
  [18, "18 ms"],
  [1_700, "1.7 s"],
  [3 * MINUTE + 12 * SECOND, "3 m 12 s"],
  [59_990, "59.9 s"],
  [3 * MINUTE + 5 * SECOND, "3 m 05 s"],
  [HOUR + 4 * MINUTE, "1 h 04 m"],
  [DAY + 3 * HOUR, "1 d 03 h"],
];

test("a metric in a row has three decimals, or four digits and an exponent", () => {
  for (const [value, text] of metrics) assert.equal(metricText(value), text);
});

test("an age has one unit up to eight weeks, then it is a date", () => {
  const now = Date.UTC(2026, 5, 1);
  for (const [age, text] of ages) assert.equal(ageText(now - age, now), text);
  assert.equal(ageText(Date.UTC(2026, 2, 12, 12), now), "12 Mar 2026");
  assert.equal(ageText(0, now), "–", "not known");
});

test("since when a run has no process: the time of today, else the date", () => {
  const now = new Date(2026, 10, 27, 18, 30).getTime();
  assert.equal(noProcessText(new Date(2026, 10, 27, 14, 2).getTime(), now), "no process since 14:02");
  assert.equal(noProcessText(new Date(2026, 10, 26, 23, 59).getTime(), now), "no process since 26 Nov");
  assert.equal(noProcessText(new Date(2025, 10, 27, 14, 2).getTime(), now), "no process since 27 Nov 2025");
  assert.equal(noProcessText(0, now), "no process", "nothing tells the time");
});

test("a duration has one decimal below a minute, then two units", () => {
  for (const [duration, text] of durations) assert.equal(durationText(duration), text);
});

test("counts are words, with thousands separated", () => {
  assert.equal(countText(0, "run"), "no runs");
  assert.equal(countText(1, "run"), "1 run");
  assert.equal(countText(1_279, "run"), "1,279 runs");
});

const names: [string, number, string][] = [
  ["train_loss", 10, "train_loss"],
  ["train_loss", 8, "trai…oss"],
  ["validation/rmse", 9, "vali…rmse"],
  ["train_loss", 6.9, "tra…ss"],
  ["train_loss", 5, ""],
  ["loss", -3, ""],
  ["gentle-crane-512", 7, "gen…512"],
  ["layer_12345", 7, "l…12345"],
];

test("a long name is cut in the middle, down to six characters, and keeps its last digits", () => {
  for (const [name, length, text] of names) assert.equal(cutMiddle(name, length), text);
});

const behind: [string, string, string][] = [
  ["linked", "val_rmse", "val_rmse 0.109"],
  ["run-12", "validation/accuracy", "validat…ccuracy 0.109"],
  ["calm-ox-1234", "train_loss", "trai…oss 0.109"],
  ["calm-ox-1234", "val_rmse", "val_rmse 0.109"],
  ["charming-mink-631", "train_loss", "0.109"],
  ["charming-mink-631", "r2", "r2 0.109"],
];

test("behind a run's name the metric's value is whole, and its name as far as there is room", () => {
  for (const [name, key, text] of behind) assert.equal(metricBehind(name, { key, value: 0.1094 }), text);
});
