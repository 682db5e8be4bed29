// The audit trail of a registered model: tags of it, so that it travels with the store. Each act is a tag of its own, so that two
// who act at once overwrite nothing.
import { randomBytes } from "node:crypto";
import { type KeyValue, MODEL_STAGES, type ModelStage } from "../mlflow/entities.ts";
import type { HistoryEntry } from "../mlflow/modelVersions.ts";

/** Keys of the tags begin so; the time in ms and some letters follow. */
export const HISTORY = "flowdeck.history.";
const KEY = /^flowdeck\.history\.(\d{1,15})-[\w]{1,40}$/;

/** Entries that are read at once; a shared store may hold any number. */
const MOST = 200;
/** Characters of a name that was written by whomever. */
const LONGEST = 300;
/** Characters of an entry. */
const LONGEST_ENTRY = 10_000;
/** Archived versions that are named. */
const MOST_ARCHIVED = 200;

/** The tag that keeps an act. */
export function historyTag({ time, ...entry }: HistoryEntry): KeyValue {
  const kept = entry.what === "stage" ? { ...entry, archived: entry.archived.slice(0, MOST_ARCHIVED) } : entry;
  return { key: `${HISTORY}${time}-${randomBytes(4).toString("hex")}`, value: JSON.stringify(kept) };
}

/** The last acts, newest first; what is no act is left out. `more`: earlier ones that were not read. */
export function readHistory(tags: readonly KeyValue[], most = MOST): { entries: HistoryEntry[]; more: number } {
  const found = tags.flatMap(({ key, value }) => {
    const time = KEY.exec(key)?.[1];
    return time === undefined || value.length > LONGEST_ENTRY ? [] : [{ time: Number(time), key, value }];
  });
  found.sort((one, other) => other.time - one.time || (one.key < other.key ? 1 : -1));
  const entries: HistoryEntry[] = [];
  for (const { time, value } of found.slice(0, most)) {
    const entry = entryOf(time, value);
    if (entry !== undefined) entries.push(entry);
  }
  return { entries, more: Math.max(0, found.length - most) };
}

/** An act in words: `@challenger moved from 4 to 6`. */
export function historyText(entry: HistoryEntry): string {
  if (entry.what === "alias") {
    const { alias, from, to } = entry;
    if (to === undefined) return `@${alias} removed from ${from ?? entry.version}`;
    return from === undefined ? `@${alias} set on ${to}` : `@${alias} moved from ${from} to ${to}`;
  }
  const { version, from, to, archived } = entry;
  const others = archived.length === 0 ? "" : `, ${archived.join(", ")} archived`;
  return `${version} from ${from} to ${to}${others}`;
}

/** The border where an entry enters. */
function entryOf(time: number, text: string): HistoryEntry | undefined {
  const told = recordOf(text);
  const version = textOf(told["version"]);
  if (version === undefined) return undefined;
  const act = { time, who: textOf(told["who"]) ?? "", version };
  const [from, to] = [textOf(told["from"]), textOf(told["to"])];
  if (told["what"] === "alias") {
    const alias = textOf(told["alias"]);
    if (alias === undefined || (from === undefined && to === undefined)) return undefined;
    const places = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    return { ...act, what: "alias", alias, ...places };
  }
  if (told["what"] !== "stage" || !isStage(from) || !isStage(to)) return undefined;
  const archived: unknown[] = Array.isArray(told["archived"]) ? told["archived"] : [];
  const versions = archived.slice(0, MOST_ARCHIVED).flatMap((one) => textOf(one) ?? []);
  return { ...act, what: "stage", from, to, archived: versions };
}

function recordOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // Whoever wrote it, it is no act.
    return {};
  }
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || text === "") return undefined;
  return text.replaceAll(/\p{Cc}/gu, " ").slice(0, LONGEST);
}

function isStage(text: string | undefined): text is ModelStage {
  return MODEL_STAGES.some((stage) => stage === text);
}
