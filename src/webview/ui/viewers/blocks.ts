import { useEffect, useRef, useState } from "preact/hooks";
import { isGone, isPassing } from "../errors.ts";

/** ms until what is on screen is asked for again while nobody answers. */
const AGAIN = 1_000;

/**
 * Rows that are read in blocks of `size`: asked for when they are shown, drawn when they are there. `version` says that what
 * was read is no longer true. A failure that passes is none: what is shown stays, and is asked for again. `fail` is told of rows
 * that cannot be read any more.
 */
export function useBlocks<Row>(
  read: (n: number) => Promise<Row[]>,
  size: number,
  version: unknown,
  fail?: (error: unknown) => void,
): { at(i: number): Row | undefined; show(first: number, last: number): void; failure: unknown } {
  const [, redraw] = useState(0);
  const [failure, setFailure] = useState<unknown>(undefined);
  const [turn, setTurn] = useState(0);
  const blocks = useRef(new Map<number, Row[] | "asked">());
  const shown = useRef<[number, number]>([0, 0]);
  const show = (first: number, last: number) => {
    shown.current = [first, last];
    for (let n = Math.floor(first / size); n <= Math.floor(last / size); n++) {
      if (blocks.current.has(n)) continue;
      blocks.current.set(n, "asked");
      const asked = blocks.current;
      read(n).then(
        (rows) => {
          asked.set(n, rows);
          // Blocks far from the screen are let go of.
          for (const other of asked.keys()) if (Math.abs(other - n) > 24) asked.delete(other);
          redraw((count) => count + 1);
        },
        (error: unknown) => {
          asked.delete(n);
          setFailure(error);
        },
      );
    }
  };
  useEffect(() => {
    const before = blocks.current;
    setFailure(undefined);
    // What is on screen stays until the same rows are read again.
    const kept = new Map([...before].filter(([, rows]) => rows !== "asked"));
    blocks.current = kept;
    const [first, last] = shown.current;
    for (let n = Math.floor(first / size); n <= Math.floor(last / size); n++) {
      read(n).then(
        (rows) => {
          kept.set(n, rows);
          redraw((count) => count + 1);
        },
        (error: unknown) => setFailure(error),
      );
    }
    for (const n of kept.keys()) if (n < Math.floor(first / size) || n > Math.floor(last / size)) kept.delete(n);
  }, [version, turn]);
  useEffect(() => {
    if (!isPassing(failure)) return undefined;
    const timer = setTimeout(() => setTurn((count) => count + 1), AGAIN);
    return () => clearTimeout(timer);
  }, [failure]);
  const at = (i: number): Row | undefined => {
    const rows = blocks.current.get(Math.floor(i / size));
    return rows === undefined || rows === "asked" ? undefined : rows[i % size];
  };
  const gone = isGone(failure);
  useEffect(() => {
    if (gone) fail?.(failure);
  }, [gone]);
  return { at, show, failure: isPassing(failure) ? undefined : failure };
}
