// The file of views in a repository: anyone may write it, and a later Flowdeck more than this one knows. No vscode.
import type { SavedTable } from "../../../protocol/panels/experiment.ts";

/** The file as it stands, with what is not understood of it. */
export interface ViewsFile {
  readonly experiments: Readonly<Record<string, readonly unknown[]>>;
}

export const NO_VIEWS: ViewsFile = { experiments: {} };

/** The border; undefined for what is no such file. */
export function parseViews(text: string): ViewsFile | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  return isViewsFile(value) ? value : undefined;
}

function isViewsFile(value: unknown): value is ViewsFile {
  if (typeof value !== "object" || value === null || !("experiments" in value)) return false;
  const { experiments } = value;
  if (typeof experiments !== "object" || experiments === null) return false;
  return Object.values(experiments).every(Array.isArray);
}

/** The views of an experiment that can be opened. */
export function viewsOf(file: ViewsFile, experiment: string): SavedTable[] {
  return entriesOf(file, experiment)
    .filter(isTable)
    .map(({ name, table }) => ({ name, table }));
}

/** The file's next text, with the view in place of one of its name. */
export function withView(file: ViewsFile, experiment: string, { name, table }: SavedTable): string {
  return textOf(file, experiment, [...othersOf(file, experiment, name), { name, table }]);
}

export function withoutView(file: ViewsFile, experiment: string, name: string): string {
  return textOf(file, experiment, othersOf(file, experiment, name));
}

function entriesOf({ experiments }: ViewsFile, experiment: string): readonly unknown[] {
  return Object.hasOwn(experiments, experiment) ? (experiments[experiment] ?? []) : [];
}

function othersOf(file: ViewsFile, experiment: string, name: string): unknown[] {
  return entriesOf(file, experiment).filter((entry) => !isTable(entry) || entry.name !== name);
}

function textOf(file: ViewsFile, experiment: string, entries: unknown[]): string {
  const { [experiment]: _before, ...others } = file.experiments;
  const experiments = entries.length === 0 ? others : { ...others, [experiment]: entries };
  return `${JSON.stringify({ format: 1, ...file, experiments }, undefined, 2)}\n`;
}

function isTable(entry: unknown): entry is SavedTable {
  if (typeof entry !== "object" || entry === null) return false;
  return "name" in entry && typeof entry.name === "string" && "table" in entry;
}
