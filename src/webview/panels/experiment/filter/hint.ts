import type { KeyNames } from "../page.ts";
import { quotedKey } from "../../../../mlflow/filter/write.ts";

// Why a filter may match nothing: it names a key that no run here has logged.

export interface FilterHint {
  /** Key of the filter that is not logged here. */
  missing: string;
  /** A logged key that looks like it. */
  similar?: { key: string; filter: string };
}

const NAMED = /\b(params?|parameters?|metrics?)\s*\.\s*(?:`([^`]+)`|"([^"]+)"|([\w./-]+))/g;

/** The first key that `filter` names and nobody logged. */
export function filterHint(filter: string, keys: KeyNames): FilterHint | undefined {
  for (const match of filter.matchAll(NAMED)) {
    const [whole, kind = "", back, double, bare] = match;
    const key = back ?? double ?? bare ?? "";
    const logged = kind.startsWith("metric") ? keys.metrics : keys.params;
    if (logged.includes(key)) continue;
    const similar = mostSimilar(key, logged);
    if (similar === undefined) return { missing: key };
    const at = match.index;
    const fixed = `${filter.slice(0, at)}${kind}.${quotedKey(similar)}${filter.slice(at + whole.length)}`;
    return { missing: key, similar: { key: similar, filter: fixed } };
  }
  return undefined;
}

function mostSimilar(key: string, logged: string[]): string | undefined {
  const wanted = key.toLowerCase();
  const contains = logged.filter(
    (other) => other.toLowerCase().includes(wanted) || wanted.includes(other.toLowerCase()),
  );
  if (contains.length > 0) return contains.toSorted((a, b) => rank(a) - rank(b) || a.length - b.length)[0];
  const near = logged.map((other) => ({ other, distance: distance(wanted, other.toLowerCase()) }));
  const best = near.toSorted((a, b) => a.distance - b.distance)[0];
  return best !== undefined && best.distance <= Math.max(1, Math.floor(key.length / 3)) ? best.other : undefined;
}

/** What is measured on held-out data is meant more often. */
function rank(key: string): number {
  return /^(val|test)/i.test(key) ? 0 : 1;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
