import type { Scripts } from "./scriptFacts.ts";

/** What the language service may ask about the folder of a project; tests replace it. Paths are absolute or relative to that folder. */
export interface Workspace {
  /** Whether a file or folder is there. */
  exists(path: string): boolean;
  /** Text of a file, as it stands in the editor or else on disk; undefined when it is not there, or too large to be looked at. */
  read(path: string): string | undefined;
  /** Names in a folder; none when it is not there. */
  list(path: string): readonly string[];
  /** URI of a path. */
  uriOf(path: string): string;
  /** Name of the file itself, such as `MLproject`. */
  fileName: string;
  /** What the Python files of the project take; absent where they cannot be read (yet). */
  scripts?: Scripts | undefined;
}
