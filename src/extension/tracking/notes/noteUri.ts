import { fromHex, toHex } from "../artifacts/artifactUri.ts";

// Addresses of notes as documents. No vscode: tested as tables.

export const NOTE_SCHEME = "flowdeck-note";

/** The note of a run or of an experiment. */
export interface NotePlace {
  /** The store's URI. */
  uri: string;
  of: "run" | "experiment";
  id: string;
}

/** The parts of `flowdeck-note://<store as hex>/run/<run_id>/<name>.md`; the name is for the tab alone. */
export function noteUriParts({ uri, of, id }: NotePlace, name: string): { authority: string; path: string } {
  const title = name.replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, "-").trim() || "note";
  return { authority: toHex(uri), path: `/${of}/${id}/${title}.md` };
}

/** Undefined for a URI that names no note. */
export function notePlaceOf(parts: { authority: string; path: string }): NotePlace | undefined {
  const uri = fromHex(parts.authority);
  const [, of, id, name, ...more] = parts.path.split("/");
  if (uri === undefined || id === undefined || id === "" || name === undefined || more.length > 0) return undefined;
  return of === "run" || of === "experiment" ? { uri, of, id } : undefined;
}
