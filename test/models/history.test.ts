import assert from "node:assert/strict";
import { test } from "node:test";
import type { HistoryEntry } from "../../src/mlflow/modelVersions.ts";
import { HISTORY, historyTag, historyText, readHistory } from "../../src/models/history.ts";

const MOVED: HistoryEntry = {
  ...{ time: 1_790_000_000_000, who: "mira", what: "alias", alias: "champion" },
  ...{ version: "5", from: "4", to: "5" },
};
const STAGED: HistoryEntry = {
  ...{ time: 1_790_000_000_500, who: "mira", what: "stage", version: "5" },
  ...{ from: "Staging", to: "Production", archived: ["4", "3"] },
};

test("an act comes back from its tag as it was", () => {
  for (const act of [MOVED, STAGED]) assert.deepEqual(readHistory([historyTag(act)]), { entries: [act], more: 0 });
});

test("two acts of the same moment are two tags", () => {
  assert.notEqual(historyTag(MOVED).key, historyTag(MOVED).key);
});

test("the newest acts are read first, and no more than asked for", () => {
  const acts = Array.from({ length: 30 }, (_, time): HistoryEntry => ({ ...MOVED, time, version: String(time) }));
  const tags = acts.map(historyTag);
  const { entries, more } = readHistory(tags.toReversed(), 3);
  assert.deepEqual(
    entries.map(({ time }) => time),
    [29, 28, 27],
  );
  assert.equal(more, 27);
});

test("what others wrote under such keys is no act unless it says what an act says", () => {
  const key = `${HISTORY}5-ab`;
  const wrong: [string, string][] = [
    [key, "no JSON"],
    [key, "null"],
    [key, "[1]"],
    [key, '{"what":"alias","version":"1"}'],
    [key, '{"what":"alias","alias":"a","version":"1"}'],
    [key, '{"what":"stage","version":"1","from":"None","to":"Live"}'],
    [key, '{"what":"coffee","version":"1","from":"a","to":"b"}'],
    [key, JSON.stringify({ ...MOVED, who: "x".repeat(20_000) })],
    [`${HISTORY}soon-ab`, historyTag(MOVED).value],
    ["team", historyTag(MOVED).value],
  ];
  for (const [tag, value] of wrong) assert.deepEqual(readHistory([{ key: tag, value }]).entries, [], value);
});

test("names are read in one line and not endlessly", () => {
  const value = JSON.stringify({ ...MOVED, who: `mira\n${"x".repeat(1000)}`, version: 5 });
  const [entry] = readHistory([{ key: `${HISTORY}5-ab`, value }]).entries;
  assert.equal(entry?.who.length, 300);
  assert.match(entry?.who ?? "", /^mira x/);
  assert.equal(entry?.version, "5");
});

test("an act is told in words", () => {
  const cases: [HistoryEntry, string][] = [
    [MOVED, "@champion moved from 4 to 5"],
    [{ time: 1, who: "", what: "alias", alias: "a", version: "2", to: "2" }, "@a set on 2"],
    [{ time: 1, who: "", what: "alias", alias: "a", version: "2", from: "2" }, "@a removed from 2"],
    [STAGED, "5 from Staging to Production, 4, 3 archived"],
    [{ ...STAGED, archived: [] }, "5 from Staging to Production"],
  ];
  for (const [entry, text] of cases) assert.equal(historyText(entry), text);
});
