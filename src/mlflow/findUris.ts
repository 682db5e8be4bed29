import { type ModelsUri, parseModelsUri, parseRunsUri } from "./uris.ts";

// `runs:/…` and `models:/…` as they stand in the text of any file.

export type NamedUri = ({ scheme: "models" } & ModelsUri) | { scheme: "runs"; run_id: string; path: string };

export interface FoundUri {
  /** UTF-16 units into the text. */
  start: number;
  end: number;
  text: string;
  names: NamedUri;
}

/** A text has no more of them that anybody would look at. */
const MOST = 2_000;
/** Characters of a URI. */
const LONGEST = 600;

const BEGIN = /(?<![\w/.:-])(?:runs|models):\//g;
/** Where a URI ends that stands between no quotes. */
const END = /[\s"'`<>()[\]{},;|\\]/;

/** Every whole URI. One with a placeholder (`runs:/{run_id}/model`, `models:/$NAME/1`) names nothing before it is filled in. */
export function findUris(text: string): FoundUri[] {
  const found: FoundUri[] = [];
  BEGIN.lastIndex = 0;
  for (let match = BEGIN.exec(text); match !== null && found.length < MOST; match = BEGIN.exec(text)) {
    const start = match.index;
    const end = endOf(text, start);
    const uri = text.slice(start, end);
    BEGIN.lastIndex = Math.max(end, start + match[0].length);
    // Outside of quotes a brace ends a URI: what follows it would be filled in.
    if (/[{}$<>*]|%[sd(]/.test(uri) || /[{$<]/.test(text[end] ?? "")) continue;
    const names = namedBy(uri);
    if (names !== undefined) found.push({ start, end, text: uri, names });
  }
  return found;
}

/** What a URI names; undefined when it is none. */
export function namedBy(uri: string): NamedUri | undefined {
  const run = parseRunsUri(uri);
  if (run !== undefined) return /^[\w-]+$/.test(run.run_id) ? { scheme: "runs", ...run } : undefined;
  const model = parseModelsUri(uri);
  return model === undefined ? undefined : { scheme: "models", ...model };
}

function endOf(text: string, start: number): number {
  const quote = text[start - 1] ?? "";
  const most = Math.min(text.length, start + LONGEST);
  if (quote === '"' || quote === "'" || quote === "`") {
    // A name may have spaces between quotes, and no quote closes behind the end of its line.
    for (let at = start; at < most; at += 1) {
      if (text[at] === quote) return at;
      if (text[at] === "\n" || text[at] === "\r") break;
    }
  }
  let end = start;
  while (end < most && !END.test(text[end] ?? "")) end += 1;
  // A sentence goes on behind it.
  while (end > start && /[.,:!?]/.test(text[end - 1] ?? "")) end -= 1;
  return end;
}
