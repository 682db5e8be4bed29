import assert from "node:assert/strict";
import { test } from "node:test";
import { localFolder } from "../../src/store/localArtifacts.ts";

const CASES: [location: string, folder: string | undefined][] = [
  ["/data/a", "/data/a"],
  ["1/abc/artifacts", "/store/1/abc/artifacts"],
  ["file:///data/a%20b", "/data/a b"],
  ["file:/data/a", "/data/a"],
  ["file://elsewhere/a", undefined],
  ["s3://bucket/a", undefined],
  ["", undefined],
  // What a database holds that somebody spoiled.
  ["a\0b", undefined],
  ["file:///a%00b", undefined],
];

for (const [location, folder] of CASES) {
  test(`the artifacts of ${JSON.stringify(location)} are ${folder === undefined ? "not on this machine" : `in ${folder}`}`, {
    skip: process.platform === "win32" && "the paths are POSIX's",
  }, () => {
    assert.equal(localFolder(location, "/store"), folder);
  });
}
