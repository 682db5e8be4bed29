import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { deleteFiles, listFiles, openFile, saveFile } from "../../src/server/artifactFiles.ts";
import { temporaryFolder } from "../support/environment.ts";

function folders(): { root: string; outside: string } {
  const home = temporaryFolder();
  const root = join(home, "root");
  const outside = join(home, "outside");
  mkdirSync(root);
  mkdirSync(outside);
  writeFileSync(join(outside, "secret.txt"), "secret");
  return { root, outside };
}

const refused = { message: "Invalid path" };

const LEAVING = [
  "../outside/secret.txt",
  "a/../../outside/secret.txt",
  "%2e%2e/outside/secret.txt",
  "%252e%252e/outside/secret.txt",
  "..%2foutside%2fsecret.txt",
  "/etc/passwd",
  "%2fetc%2fpasswd",
  "file:///etc/passwd",
  "C:/Windows/win.ini",
  "\\\\host\\share",
  "a\0b",
];

for (const path of LEAVING) {
  test(`a path that leaves the folder is refused: ${JSON.stringify(path)}`, async () => {
    const { root } = folders();
    await assert.rejects(openFile(root, path), refused);
    await assert.rejects(saveFile(root, path, Readable.from(["x"])), refused);
    await assert.rejects(deleteFiles(root, path), refused);
    await assert.rejects(listFiles(root, path), refused);
  });
}

test("a link that leads out is not followed", async () => {
  const { root, outside } = folders();
  symlinkSync(outside, join(root, "out"));
  symlinkSync(join(outside, "new.txt"), join(root, "nowhere"));
  await assert.rejects(openFile(root, "out/secret.txt"), refused);
  await assert.rejects(saveFile(root, "out/new.txt", Readable.from(["x"])), refused);
  await assert.rejects(saveFile(root, "nowhere", Readable.from(["x"])), refused);
  await assert.rejects(deleteFiles(root, "out/secret.txt"), refused);
  assert.deepEqual(await listFiles(root, ""), []);
  assert.deepEqual(readdirSync(outside), ["secret.txt"]);
});

test("the folder itself is neither replaced nor deleted", async () => {
  const { root } = folders();
  await assert.rejects(deleteFiles(root, ""), refused);
  await assert.rejects(deleteFiles(root, "a/.."), refused);
  await assert.rejects(saveFile(root, ".", Readable.from(["x"])), refused);
});

test("a file is written whole, listed and read again", async () => {
  const { root } = folders();
  await saveFile(root, "a/100% #1 & co?.txt", Readable.from(["hello ", "world"]));
  await saveFile(root, "b.bin", Readable.from([Buffer.alloc(3)]));
  assert.deepEqual(await listFiles(root, ""), [
    { path: "a", is_dir: true },
    { path: "b.bin", is_dir: false, file_size: 3 },
  ]);
  assert.deepEqual(await listFiles(root, "a"), [{ path: "a/100% #1 & co?.txt", is_dir: false, file_size: 11 }]);
  assert.deepEqual(await listFiles(root, "nothing/here"), []);
  const { stream, size } = await openFile(root, "a/100% #1 & co?.txt");
  assert.deepEqual([await text(stream), size], ["hello world", 11]);
});

test("an upload that breaks off leaves the file before it and no other", async () => {
  const { root } = folders();
  await saveFile(root, "a.txt", Readable.from(["before"]));
  const broken = Readable.from(
    (function* () {
      yield "half";
      throw new Error("gone");
    })(),
  );
  await assert.rejects(saveFile(root, "a.txt", broken), { message: "gone" });
  assert.equal(readFileSync(join(root, "a.txt"), "utf8"), "before");
  assert.deepEqual(readdirSync(root), ["a.txt"]);
});

test("a file that grows while it is read is sent as long as it was said to be", async () => {
  const { root } = folders();
  await saveFile(root, "log.txt", Readable.from(["before"]));
  await saveFile(root, "empty.txt", Readable.from([]));
  const [log, empty] = [await openFile(root, "log.txt"), await openFile(root, "empty.txt")];
  appendFileSync(join(root, "log.txt"), " and after");
  appendFileSync(join(root, "empty.txt"), "after");
  assert.deepEqual([await text(log.stream), log.size], ["before", 6]);
  assert.deepEqual([await text(empty.stream), empty.size], ["", 0]);
});

const unwritable = { skip: existsSync("/proc/self") ? false : "there is no /proc, where no file can be made" };

test("what cannot be written leaves the request open for the answer", unwritable, async () => {
  const content = Readable.from(["a", "b"]);
  await assert.rejects(saveFile("/proc/self", "a.txt", content), { code: "ENOENT" });
  assert.equal(content.destroyed, false);
});

test("a missing file, a folder and a file in the way are named", async () => {
  const { root } = folders();
  await saveFile(root, "a/b.txt", Readable.from(["x"]));
  await assert.rejects(openFile(root, "c"), { error_code: "RESOURCE_DOES_NOT_EXIST" });
  await assert.rejects(openFile(root, "a"), { error_code: "INVALID_PARAMETER_VALUE" });
  await assert.rejects(saveFile(root, "a", Readable.from(["x"])), { error_code: "INVALID_PARAMETER_VALUE" });
  await assert.rejects(saveFile(root, "a/b.txt/c", Readable.from(["x"])), { error_code: "INVALID_PARAMETER_VALUE" });
  await deleteFiles(root, "a");
  await deleteFiles(root, "a");
  assert.equal(existsSync(join(root, "a")), false);
});
