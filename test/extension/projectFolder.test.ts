import assert from "node:assert/strict";
import { test } from "node:test";
import { projectFolderOf } from "../../src/extension/language/projectFolder.ts";

const sources: [source: string, folder: string | undefined][] = [
  ["/home/me/wine", "/home/me/wine"],
  ["file:///home/me/repo", "/home/me/repo"],
  ["file:///home/me/repo#examples/wine", "/home/me/repo/examples/wine"],
  ["file:///home/me/my repo#100%/wine", "/home/me/my repo/100%/wine"],
  ["file://elsewhere/repo#wine", undefined],
  ["https://host.example/team/wine.git", undefined],
  ["git@host.example:team/wine.git", "git@host.example:team/wine.git"],
  ["", undefined],
];

test("a run's source names its project folder, and one from elsewhere names none of this machine", () => {
  for (const [source, folder] of sources) assert.equal(projectFolderOf(source), folder, source);
});
