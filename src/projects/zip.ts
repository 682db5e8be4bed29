import { mkdir, open, writeFile, type FileHandle } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { crc32, inflateRawSync } from "node:zlib";
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
    for (const member of members) {
      const path = resolve(folder, member.name);
      if (member.name.endsWith("/")) {
        await mkdir(path, { recursive: true });
        continue;
      }
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, await contentOf(handle, member, file), { mode: member.executable ? 0o755 : 0o644 });
    }
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
  return members;
}

async function contentOf(handle: FileHandle, member: Member, file: string): Promise<Buffer> {
  if ((member.flags & 1) !== 0) throw invalid(`${member.name} in ${file} is encrypted.`);
  const header = await read(handle, member.offset, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) throw damaged(file);
  const start = member.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = await read(handle, start, member.packed);
  const content = unpack(packed, member, file);
  if (content.length !== member.size || crc32(content) !== member.crc) throw damaged(file);
  return content;
}

function unpack(packed: Buffer, { method, name, size }: Member, file: string): Buffer {
  if (method === 0) return packed;
  if (method !== 8) throw invalid(`${name} in ${file} is packed in a way that is not known here.`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch {
    throw damaged(file);
  }
}

async function read(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString("utf8")).equals(bytes);
}

function damaged(file: string): MlflowError {
  return invalid(`The ZIP file ${file} is damaged.`);
}

function invalid(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}
