/** What the language service may ask about the folder of a project; tests replace it. */
export interface Workspace {
  /** Whether a file or folder is there; `path` is absolute or relative to the project folder. */
  exists(path: string): boolean;
  /** URI of that path. */
  uriOf(path: string): string;
}
