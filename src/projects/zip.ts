import { createWriteStream } from "node:fs";
import { mkdir, open, type FileHandle } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32, createInflateRaw } from "node:zlib";
import { MlflowError } from "../mlflow/errors.ts";

interface Member {
  name: string;
  method: number;
  flags: number;
  crc: number;
  packed: number;
  size: number;
  offset: number;
  /** The owner may start it, as the archive says. */
  executable: boolean;
}

/** Bytes of the end record and its comment, which stand at the end of the file. */
const END = 22 + 0xffff;
const LARGEST = 0xffffffff;

/**
 * Unpacks a ZIP file into `folder`. As MLflow (3.17.2) has it, nothing is unpacked when one of its members would leave the
 * folder; links become files. @throws MlflowError in one sentence.
 */
export async function unzip(file: string, folder: string): Promise<void> {
  const handle = await openZip(file);
  try {
    const members = await readMembers(handle, file);
    for (const { name } of members) {
      const below = relative(folder, resolve(folder, name));
      if (below === ".." || below.startsWith(`..${sep}`) || resolve(below) === below)
        throw invalid(`Zip file member ${name} attempts path traversal.`);
    }
    for (const member of members) await unpack(handle, member, resolve(folder, member.name), file);
  } finally {
    await handle.close();
  }
}

async function openZip(file: string): Promise<FileHandle> {
  try {
    return await open(file);
  } catch (cause) {
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `${file} cannot be read.`, { cause });
  }
}

/** The members of the central directory, in its order. */
async function readMembers(handle: FileHandle, file: string): Promise<Member[]> {
  const { size } = await handle.stat();
  const tail = await read(handle, Math.max(0, size - END), Math.min(size, END));
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0) throw invalid(`${file} is not a ZIP file.`);
  const [count, length, start] = [
    tail.readUInt16LE(end + 10),
    tail.readUInt32LE(end + 12),
    tail.readUInt32LE(end + 16),
  ];
  if (start === LARGEST || count === 0xffff) throw invalid(`${file} is larger than a project should be.`);
  // What a damaged one says is no reason to ask for gigabytes.
  if (start + length > size) throw damaged(file);
  const directory = await read(handle, start, length);
  const members: Member[] = [];
  for (let at = 0; members.length < count; ) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x02014b50) throw damaged(file);
    const [nameLength, extra, comment] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field));
    const flags = directory.readUInt16LE(at + 8);
    const name = directory.subarray(at + 46, at + 46 + (nameLength ?? 0));
    members.push({
      // Without the flag for UTF-8 it is of the first PC; Latin letters are near enough to it.
      name: name.toString((flags & 0x800) === 0 && !isUtf8(name) ? "latin1" : "utf8").replaceAll("\\", "/"),
      flags,
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
      executable: ((directory.readUInt32LE(at + 38) >>> 16) & 0o100) !== 0,
    });
    at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  checkSizes(members, size, file);
  return members;
}

/** No more than 1,032 bytes come out of one that was packed. */
const MOST_PACKED = 1032;
/** From here on a project that is more than a hundred times as large as its file is one that was made to fill a disk. */
const SUSPICIOUS = 1e9;
const MOST_BYTES = 20e9;

/** @throws MlflowError when the members cannot be what they say, or would fill the disk. */
function checkSizes(members: readonly Member[], fileSize: number, file: string): void {
  const sum = (sizes: readonly number[]) => sizes.reduce((all, one) => all + one, 0);
  const [packed, size] = [sum(members.map((one) => one.packed)), sum(members.map((one) => one.size))];
  const isImpossible = members.some((one) => one.size > one.packed * MOST_PACKED);
  if (size > MOST_BYTES || (size > SUSPICIOUS && size > 100 * fileSize)) {
    throw invalid(`${file} would become ${Math.round(size / 1e9)} GB, which is larger than a project should be.`);
  }
  // Members that lie over each other are told to be many times as large as the file.
  if (packed > fileSize || isImpossible || members.some(({ name }) => name.includes("\0"))) throw damaged(file);
}

async function unpack(handle: FileHandle, member: Member, path: string, file: string): Promise<void> {
  try {
    if (member.name.endsWith("/")) {
      await mkdir(path, { recursive: true });
      return;
    }
    await mkdir(dirname(path), { recursive: true });
    const out = createWriteStream(path, { mode: member.executable ? 0o755 : 0o644 });
    await pipeline([...(await contentOf(handle, member, file)), out]);
  } catch (cause) {
    if (cause instanceof MlflowError) throw cause;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    // Of a member that is a file and a folder as well.
    if (/^(?:Z_|ERR_|ENOTDIR|EISDIR|EEXIST)/.test(code)) throw damaged(file, cause);
    throw new MlflowError("IO_ERROR", `${member.name} of ${file} could not be written (${code}).`, { cause });
  }
}

/** The streams that a member's bytes go through. */
async function contentOf(handle: FileHandle, member: Member, file: string): Promise<[Readable, ...Transform[]]> {
  if ((member.flags & 1) !== 0) throw invalid(`${member.name} in ${file} is encrypted.`);
  const header = await read(handle, member.offset, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) throw damaged(file);
  const start = member.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const end = start + member.packed - 1;
  const packed = end < start ? Readable.from([]) : handle.createReadStream({ start, end, autoClose: false });
  const check = checkOf(member, file);
  switch (member.method) {
    case 0:
      return [packed, check];
    case 8:
      return [packed, createInflateRaw(), check];
    default:
      throw invalid(`${member.name} in ${file} is packed in a way that is not known here.`);
  }
}

/** Lets through what is as long as it should be, and as it was when it was packed. */
function checkOf({ size, crc }: Member, file: string): Transform {
  let [length, sum] = [0, 0];
  return new Transform({
    transform(chunk: Buffer, _, done) {
      length += chunk.length;
      sum = crc32(chunk, sum);
      if (length > size) done(damaged(file));
      else done(null, chunk);
    },
    flush: (done) => done(length === size && sum === crc ? null : damaged(file)),
  });
}

async function read(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString("utf8")).equals(bytes);
}

function damaged(file: string, cause?: unknown): MlflowError {
  return invalid(`The ZIP file ${file} is damaged.`, cause);
}

function invalid(message: string, cause?: unknown): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message, cause === undefined ? {} : { cause });
}
