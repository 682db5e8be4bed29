import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_VIEWS, parseViews, viewsOf, withoutView, withView } from "../../src/extension/tracking/table/viewsFile.ts";

/** What the text holds, and the views of `wine` in it. */
function read(text: string) {
  const file = parseViews(text);
  assert.ok(file);
  return { file, names: viewsOf(file, "wine").map(({ name }) => name), value: JSON.parse(text) as unknown };
}

test("a view is saved beside those of other experiments, in place of one of its name, and removed", () => {
  const one = read(withView(NO_VIEWS, "wine", { name: "Tuning", table: { sort: 1 } }));
  const two = read(withView(one.file, "beer", { name: "Tuning", table: { sort: 2 } }));
  const three = read(withView(two.file, "wine", { name: "Best", table: {} }));
  const four = read(withView(three.file, "wine", { name: "Tuning", table: { sort: 3 } }));
  assert.deepEqual(four.value, {
    format: 1,
    experiments: {
      beer: [{ name: "Tuning", table: { sort: 2 } }],
      wine: [
        { name: "Best", table: {} },
        { name: "Tuning", table: { sort: 3 } },
      ],
    },
  });
  const left = read(withoutView(read(withoutView(four.file, "wine", "Best")).file, "wine", "Tuning"));
  assert.deepEqual(left.value, { format: 1, experiments: { beer: [{ name: "Tuning", table: { sort: 2 } }] } });
});

test("what a later format wrote is kept", () => {
  const later = {
    format: 2,
    team: "wine",
    experiments: { wine: [{ id: 7 }, "odd", { name: "Own", table: {}, color: "red" }], beer: [null] },
  };
  const { file, names } = read(JSON.stringify(later));
  assert.deepEqual(names, ["Own"]);
  const next = read(withView(file, "wine", { name: "Tuning", table: {} }));
  const { experiments } = later;
  assert.deepEqual(next.value, {
    ...later,
    experiments: { ...experiments, wine: [...experiments.wine, { name: "Tuning", table: {} }] },
  });
  assert.deepEqual(read(withoutView(next.file, "wine", "Tuning")).value, later);
});

test("what is no file of views is told from one that holds none", () => {
  const others = [
    "",
    "{",
    "null",
    "[]",
    "{}",
    '{"experiments": 1}',
    '{"experiments": {"wine": {}}}',
    '{"experiments": {}} // mine',
  ];
  for (const text of others) assert.equal(parseViews(text), undefined, text);
  assert.deepEqual(read('{"experiments": {}}').names, []);
});

test("an experiment may have the name of what every object has", () => {
  for (const name of ["constructor", "__proto__"]) {
    assert.deepEqual(viewsOf(NO_VIEWS, name), []);
    const file = parseViews(withView(NO_VIEWS, name, { name: "Tuning", table: 1 }));
    assert.ok(file);
    assert.deepEqual(viewsOf(file, name), [{ name: "Tuning", table: 1 }]);
  }
});
