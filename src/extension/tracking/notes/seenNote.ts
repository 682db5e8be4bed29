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
