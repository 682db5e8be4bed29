import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { changedFiles, contentsOf } from "../../src/projects/workflow/contents.ts";
import { temporaryFolder } from "../support/environment.ts";

const RUN = "0123456789abcdef0123456789abcdef";
const of = (path: string | undefined, value = "x", run_ids: string[] = []) =>
  contentsOf(new Map([["data", path]]), new Map([["data", value]]), run_ids);

function folder(): string {
  const path = temporaryFolder();
  mkdirSync(join(path, "sub"));
  writeFileSync(join(path, "a"), "1");
  writeFileSync(join(path, "sub", "b"), "2");
  return path;
}

const changes: [what: string, change: (path: string) => void, isSame: boolean][] = [
  ["nothing", () => undefined, true],
  ["the time of a file", (path) => utimesSync(join(path, "a"), 1, 1), true],
  ["a file's text of the same length", (path) => writeFileSync(join(path, "sub", "b"), "3"), false],
  ["a file's name", (path) => execFileSync("mv", [join(path, "a"), join(path, "c")]), false],
  ["an empty folder", (path) => mkdirSync(join(path, "new")), false],
  ["a file that is gone", (path) => rmSync(join(path, "sub", "b")), false],
  ["what a link leads to", (path) => writeFileSync(`${path}-target`, "changed"), false],
  ["what a link leads to, which is gone", (path) => rmSync(`${path}-target`), false],
  ["a file of gigabytes in one byte", (path) => writeFileSync(`${path}-large`, "x", { flag: "r+" }), false],
];
for (const [what, change, isSame] of changes) {
  test(`a folder in which there changed ${what} is ${isSame ? "as it was" : "another"}`, async () => {
    const path = folder();
    writeFileSync(`${path}-target`, "1");
    symlinkSync(`${path}-target`, join(path, "link"));
    writeFileSync(`${path}-large`, "");
    truncateSync(`${path}-large`, 3e9);
    symlinkSync(`${path}-large`, join(path, "z"));
    try {
      const before = await of(path);
      change(path);
      const after = await of(path);
      assert("files" in before && "files" in after);
      assert.deepEqual(changedFiles(before.files, after.files), isSame ? [] : ["data"]);
    } finally {
      for (const one of ["target", "large"]) rmSync(`${path}-${one}`, { force: true });
    }
  });
}

const unknown: [
  what: string,
  path: () => string | undefined,
  value: string,
  run_ids: string[],
  told: RegExp | undefined,
][] = [
  ["an address of the web", () => undefined, "https://h/a.csv", [], /^what data names \(https:\) may have changed$/],
  ["an alias of a model", () => undefined, "models:/m@best", [], /may have changed/],
  ["a stage of a model", () => undefined, "models:/m/Production", [], /may have changed/],
  ["a version of a model", () => undefined, "models:/m/3", [], undefined],
  ["a logged model", () => undefined, "models:/m-0a1b", [], undefined],
  ["artifacts of a run", () => undefined, "runs:/abc/data", [], undefined],
  ["what a step before it left elsewhere", () => undefined, `s3://b/0/${RUN}/artifacts`, [RUN], undefined],
  ["what another run left elsewhere", () => undefined, `s3://b/0/${RUN}/artifacts`, [], /\(s3:\) may have changed/],
  ["a pipe", () => pipe(), "x", [], /^whether data is as it was cannot be told: .* is no file$/],
  ["a link that leads around itself", () => around(), "x", [], /more than 10000 files|cannot be read/],
];
for (const [what, path, value, run_ids, told] of unknown) {
  test(`${what} ${told === undefined ? "stays what it is" : "may have changed, and that is told"}`, async () => {
    const contents = await of(path(), value, run_ids);
    if (told === undefined) assert.deepEqual(contents, { files: {} });
    else assert.match("unknown" in contents ? contents.unknown : "", told);
  });
}

function pipe(): string {
  const path = join(temporaryFolder(), "pipe");
  execFileSync("mkfifo", [path]);
  return path;
}

function around(): string {
  const path = folder();
  symlinkSync(".", join(path, "again"));
  symlinkSync("..", join(path, "sub", "up"));
  return path;
}

test("of what was written down before, anything but the same hashes counts as changed", () => {
  for (const before of [undefined, null, 3, [], { data: 1 }, { data: "b" }, { other: "a" }]) {
    assert(changedFiles(before, { data: "a" }).includes("data"));
  }
  assert.deepEqual(changedFiles({ data: "a" }, { data: "a" }), []);
});
