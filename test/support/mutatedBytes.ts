import { readFileSync, writeFileSync } from "node:fs";
import type { Random } from "./random.ts";

// Databases as broken disks make them.

/** Size of the pages that a file says to have, while it says one. */
function pageSize(file: Buffer): number {
  const size = file.length < 18 ? 0 : file.readUInt16BE(16);
  return [512, 1_024, 4_096].includes(size) ? size : 4_096;
}

/** Bytes of the file itself. */
export function mutateBytes(path: string, random: Random): string {
  let file = readFileSync(path);
  const PAGE = pageSize(file);
  const pages = Math.max(1, Math.floor(file.length / PAGE));
  // The first page holds the header and the root of the schema, whose text fills the next ones.
  const page = () => PAGE * (random.next() < 0.3 ? random.below(Math.min(pages, 20)) : random.below(pages));
  const kind = random.pick(["bits", "bytes", "cells", "header", "cut", "swap", "zero", "copy", "grow"] as const);
  switch (kind) {
    case "bits":
      for (let i = random.below(30); i >= 0; i--) {
        const at = Math.min(file.length - 1, page() + random.below(PAGE));
        file[at] = (file[at] ?? 0) ^ (1 << random.below(8));
      }
      break;
    case "bytes": {
      const at = page() + random.below(PAGE);
      for (let i = random.below(64); i >= 0; i--) if (at + i < file.length) file[at + i] = random.below(256);
      break;
    }
    case "cells":
      // Heads of b-tree pages: kind, free block, count of cells, where they begin, the page to the right, the first pointers.
      for (let i = random.below(6); i >= 0; i--) {
        const at = page() + random.below(20);
        if (at < file.length) file[at] = random.pick([0, 1, 2, 5, 10, 13, 255, random.below(256)]);
      }
      break;
    case "header":
      // Page size, formats, size, free list, cookie, encoding…, and the head of the first b-tree page.
      for (let i = random.below(4); i >= 0; i--)
        file[16 + random.below(96)] = random.pick([0, 1, 2, 255, random.below(256)]);
      break;
    case "cut":
      file = file.subarray(
        0,
        random.pick([0, 1, 16, 100, 512, PAGE, file.length >> 1, file.length - 1, random.below(file.length)]),
      );
      break;
    case "swap": {
      const [one, other] = [page(), page()];
      const kept = Buffer.from(file.subarray(one, one + PAGE));
      file.copy(file, one, other, other + PAGE);
      kept.copy(file, other);
      break;
    }
    case "zero": {
      const at = page();
      file.fill(0, at, Math.min(file.length, at + PAGE));
      break;
    }
    case "copy": {
      const at = page();
      file.copy(file, page(), at, at + PAGE);
      break;
    }
    case "grow":
      file = Buffer.concat([file, Buffer.alloc(random.below(3 * PAGE), random.below(256))]);
      break;
    default:
      kind satisfies never;
  }
  writeFileSync(path, file);
  return kind;
}

/** A write-ahead log: a head of 32 bytes, then frames with heads of 24. */
export function mutateLog(path: string, random: Random): string {
  let file = readFileSync(path);
  const kind = random.pick(["bits", "head", "frames", "cut", "twice", "noise"] as const);
  switch (kind) {
    case "bits":
      for (let i = random.below(10); i >= 0; i--) {
        const at = random.below(file.length);
        file[at] = (file[at] ?? 0) ^ (1 << random.below(8));
      }
      break;
    case "head":
      for (let i = random.below(4); i >= 0; i--) file[random.below(32)] = random.below(256);
      break;
    case "frames":
      for (let i = random.below(4); i >= 0; i--) {
        const at = 32 + random.below(8) * (24 + 1_024) + random.below(24);
        if (at < file.length) file[at] = random.below(256);
      }
      break;
    case "cut":
      file = file.subarray(0, random.below(file.length));
      break;
    case "twice":
      file = Buffer.concat([file, file.subarray(32)]);
      break;
    case "noise":
      file = Buffer.from(Array.from({ length: random.below(5_000) }, () => random.below(256)));
      break;
    default:
      kind satisfies never;
  }
  writeFileSync(path, file);
  return kind;
}
