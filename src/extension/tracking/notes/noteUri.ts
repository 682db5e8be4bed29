import { fromHex, toHex } from "../artifacts/artifactUri.ts";

// Addresses of notes as documents. No vscode: tested as tables.

export const NOTE_SCHEME = "flowdeck-note";

/** What has a note. */
const KINDS = ["run", "experiment", "model", "version"] as const;

/** The note of a run or of an experiment, or the description of a registered model or of a version. */
export interface NotePlace {
  /** The store's URI. */
  uri: string;
  of: (typeof KINDS)[number];
  /** Of a model its name, of a version `<name>/<version>`. */
  id: string;
}

/** The parts of `flowdeck-note://<store as hex>/run/<run_id>/<name>.md`; the name is for the tab alone. */
export function noteUriParts({ uri, of, id }: NotePlace, name: string): { authority: string; path: string } {
  const title = name.replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, "-").trim() || "note";
  return { authority: toHex(uri), path: `/${of}/${encodeURIComponent(id)}/${title}.md` };
}

/** Undefined for a URI that names no note. */
export function notePlaceOf(parts: { authority: string; path: string }): NotePlace | undefined {
  const uri = fromHex(parts.authority);
  const [, kind, written = "", name, ...more] = parts.path.split("/");
  const of = KINDS.find((one) => one === kind);
  const id = decoded(written);
  if (uri === undefined || of === undefined || id === "" || name === undefined || more.length > 0) return undefined;
  return { uri, of, id };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray % is none of ours.
    return "";
  }
}
