import assert from "node:assert/strict";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { MlflowError } from "../../src/mlflow/errors.ts";
import { unzip } from "../../src/projects/zip.ts";
import { temporaryFolder } from "../support/environment.ts";
import { zipOf } from "../support/zip.ts";

async function unzipped(bytes: Buffer): Promise<string> {
  const file = join(temporaryFolder(), "a.zip");
  await writeFile(file, bytes);
  const folder = temporaryFolder();
  await unzip(file, folder);
  return folder;
}

const END = Buffer.from("PK\u0005\u0006");
const MEMBER = Buffer.from("PK\u0001\u0002");

/** A file with fields of its directory changed: of the end record, or of the first member. */
function spoiled(
  members: Record<string, string>,
  change: (bytes: Buffer, end: number, member: number) => void,
): Buffer {
  const bytes = zipOf(members);
  change(bytes, bytes.lastIndexOf(END), bytes.indexOf(MEMBER));
  return bytes;
}

const LONG = { a: "a".repeat(100_000), b: "b" };
const refused: [what: string, bytes: () => Buffer, sentence: RegExp][] = [
  [
    "a directory of four gigabytes",
    () => spoiled(LONG, (bytes, end) => bytes.writeUInt32LE(0xfffffffe, end + 12)),
    /is damaged\.$/,
  ],
  [
    "a directory behind its end",
    () => spoiled(LONG, (bytes, end) => bytes.writeUInt32LE(0xfffffff0, end + 16)),
    /is damaged/,
  ],
  [
    "a member that is said to hold four gigabytes",
    () => spoiled(LONG, (bytes, _, member) => bytes.writeUInt32LE(0xfffffff0, member + 24)),
    /would become 4 GB, which is larger than a project should be\.$/,
  ],
  [
    "a member of more than can come out of it",
    () => spoiled(LONG, (bytes, _, member) => bytes.writeUInt32LE(500_000_000, member + 24)),
    /is damaged/,
  ],
  [
    "a member that holds more than it says",
    () => spoiled(LONG, (bytes, _, member) => bytes.writeUInt32LE(99_999, member + 24)),
    /is damaged/,
  ],
  [
    "a member that is packed into more than the file has",
    () => spoiled(LONG, (bytes, _, member) => bytes.writeUInt32LE(0x0fffffff, member + 20)),
    /is damaged/,
  ],
  ["a member that is a file and a folder", () => zipOf({ a: "1", "a/b": "2" }), /is damaged/],
  ["a member whose name holds a NUL", () => zipOf({ "a\0b": "1" }), /is damaged/],
  [
    "a member whose name is too long for the disk",
    () => zipOf({ ["n".repeat(300)]: "1" }),
    /could not be written \(ENAMETOOLONG\)/,
  ],
  ["a member beside the folder", () => zipOf({ "a/../../x": "" }), /attempts path traversal/],
  ["a member of a whole path", () => zipOf({ "/etc/x": "" }), /attempts path traversal/],
  ["a member of a path as Windows writes it", () => zipOf({ "..\\x": "" }), /attempts path traversal/],
];
for (const [what, bytes, sentence] of refused) {
  test(`a ZIP file with ${what} is refused in one sentence`, async () => {
    const before = process.memoryUsage().rss;
    await assert.rejects(unzipped(bytes()), (error: Error) => {
      assert(error instanceof MlflowError);
      assert.match(error.message, sentence);
      return true;
    });
    assert(process.memoryUsage().rss - before < 200e6);
  });
}

test("a link in a ZIP file becomes a file with its target's name, so that nothing is written through it", async () => {
  const bytes = spoiled({ link: "/etc", "link2/x": "1" }, (whole, _, member) =>
    whole.writeUInt32LE(0o120777 * 0x10000, member + 38),
  );
  const folder = await unzipped(bytes);
  assert.deepEqual((await readdir(folder)).toSorted(), ["link", "link2"]);
  assert.equal(await readFile(join(folder, "link"), "utf8"), "/etc");
});

test("wherever a byte of a ZIP file is another, it is unpacked as it was or refused in a sentence", async () => {
  const bytes = zipOf({ "a.txt": "text ".repeat(10), "sub/": "", "sub/b": "1" });
  for (let at = 0; at < bytes.length; at += 1) {
    const spoilt = Buffer.from(bytes);
    spoilt[at] = (spoilt[at] ?? 0) ^ 0xff;
    await unzipped(spoilt).catch((error: unknown) => {
      assert(error instanceof MlflowError, `byte ${at}: ${String(error)}`);
    });
  }
});
