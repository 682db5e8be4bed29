import assert from "node:assert/strict";
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { test } from "node:test";
import { deleteFiles, listFiles, openFile as open, readWhole } from "../../src/server/artifactFiles.ts";
import type { Place } from "../../src/server/artifactFolder.ts";
import { saveFile } from "../../src/server/saveArtifact.ts";
import { temporaryFolder } from "../support/environment.ts";

function folders(): { root: string; place: Place; outside: string } {
  const home = temporaryFolder();
  const root = join(home, "root");
  const outside = join(home, "outside");
  mkdirSync(root);
  mkdirSync(outside);
  writeFileSync(join(outside, "secret.txt"), "secret");
  return { root, place: { root, folder: "" }, outside };
}

/** Opens a file and closes it again; gives what it holds. */
async function openFile(place: Place, path: string): Promise<{ content: string; etag: string }> {
  const file = open(place, path);
  try {
    return { content: readWhole(file).toString(), etag: file.etag };
  } finally {
    closeSync(file.fd);
  }
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
    const { place } = folders();
    await assert.rejects(openFile(place, path), refused);
    await assert.rejects(saveFile(place, path, Readable.from(["x"])), refused);
    await assert.rejects(deleteFiles(place, path), refused);
    await assert.rejects(listFiles(place, path), refused);
  });
}

test("a link that leads out is not followed", async () => {
  const { root, place, outside } = folders();
  symlinkSync(outside, join(root, "out"));
  symlinkSync(join(outside, "new.txt"), join(root, "nowhere"));
  await assert.rejects(openFile(place, "out/secret.txt"), refused);
  await assert.rejects(saveFile(place, "out/new.txt", Readable.from(["x"])), refused);
  await assert.rejects(saveFile(place, "nowhere", Readable.from(["x"])), refused);
  await assert.rejects(deleteFiles(place, "out/secret.txt"), refused);
  assert.deepEqual(await listFiles(place, ""), []);
  assert.deepEqual(readdirSync(outside), ["secret.txt"]);
});

test("the folder itself is neither replaced nor deleted", async () => {
  const { place } = folders();
  await assert.rejects(deleteFiles(place, ""), refused);
  await assert.rejects(deleteFiles(place, "a/.."), refused);
  await assert.rejects(saveFile(place, ".", Readable.from(["x"])), refused);
});

test("a file is written whole, listed and read again", async () => {
  const { place } = folders();
  await saveFile(place, "a/100% #1 & co?.txt", Readable.from(["hello ", "world"]));
  await saveFile(place, "b.bin", Readable.from([Buffer.alloc(3)]));
  assert.deepEqual(await listFiles(place, ""), [
    { path: "a", is_dir: true },
    { path: "b.bin", is_dir: false, file_size: 3 },
  ]);
  assert.deepEqual(await listFiles(place, "a"), [{ path: "a/100% #1 & co?.txt", is_dir: false, file_size: 11 }]);
  assert.deepEqual(await listFiles(place, "nothing/here"), []);
  assert.equal((await openFile(place, "a/100% #1 & co?.txt")).content, "hello world");
});

test("an upload that breaks off leaves the file before it and no other", async () => {
  const { root, place } = folders();
  await saveFile(place, "a.txt", Readable.from(["before"]));
  const broken = Readable.from(
    (function* () {
      yield "half";
      throw new Error("gone");
    })(),
  );
  await assert.rejects(saveFile(place, "a.txt", broken), { message: "gone" });
  assert.equal(readFileSync(join(root, "a.txt"), "utf8"), "before");
  assert.deepEqual(readdirSync(root), ["a.txt"]);
});

test("a file that grows while it is read is sent as long as it was said to be", async () => {
  const { root, place } = folders();
  await saveFile(place, "log.txt", Readable.from(["before"]));
  await saveFile(place, "empty.txt", Readable.from([]));
  const [log, empty] = [open(place, "log.txt"), open(place, "empty.txt")];
  appendFileSync(join(root, "log.txt"), " and after");
  appendFileSync(join(root, "empty.txt"), "after");
  assert.deepEqual([readWhole(log).toString(), readWhole(empty).toString()], ["before", ""]);
  for (const { fd } of [log, empty]) closeSync(fd);
});

const unwritable = { skip: existsSync("/proc/self") ? false : "there is no /proc, where no file can be made" };

test("what cannot be written leaves the request open for the answer", unwritable, async () => {
  const content = Readable.from(["a", "b"]);
  await assert.rejects(saveFile({ root: "/proc/self", folder: "" }, "a.txt", content), { name: "MlflowError" });
  assert.equal(content.destroyed, false);
});

test("a missing file, a folder and a file in the way are named", async () => {
  const { root, place } = folders();
  await saveFile(place, "a/b.txt", Readable.from(["x"]));
  await assert.rejects(openFile(place, "c"), { error_code: "RESOURCE_DOES_NOT_EXIST" });
  await assert.rejects(openFile(place, "a"), { error_code: "INVALID_PARAMETER_VALUE" });
  await assert.rejects(saveFile(place, "a", Readable.from(["x"])), { error_code: "INVALID_PARAMETER_VALUE" });
  await assert.rejects(saveFile(place, "a/b.txt/c", Readable.from(["x"])), { error_code: "INVALID_PARAMETER_VALUE" });
  await deleteFiles(place, "a");
  await deleteFiles(place, "a");
  assert.equal(existsSync(join(root, "a")), false);
});
