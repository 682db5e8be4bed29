/** A note as it was read last. */
export interface SeenNote {
  text: string;
  /** Later with each other text, across sessions too: by it VS Code knows that unsaved text it kept is of an older note. */
  mtime: number;
}

/** What is known of a note after reading or writing `text`. */
export function seenNote(before: SeenNote | undefined, text: string, now: number): SeenNote {
  if (before?.text === text) return before;
  return { text, mtime: before === undefined ? now : Math.max(now, before.mtime + 1) };
}

/** Sizes of texts of the same length are told apart by this many bytes at most: too few to make a document a large one. */
const APART = 1_000_003;

/**
 * The size that VS Code is told. It saves over a text that is newer but as long as the one it has read (VS Code 1.139), so other
 * texts have other sizes; nothing is read by them.
 */
export function toldSize(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum = (sum * 31 + text.charCodeAt(at)) % APART;
  return text === "" ? 0 : Buffer.byteLength(text) + sum;
}
