/** Which way a metric is better. */
export type Direction = "lower" | "higher";

/** What the person has set for every page. */
export interface PageSettings {
  /** By metric key; of the others their name says it. */
  directions: Readonly<Record<string, Direction>>;
}

/** What every page is told of settings, on the channel `settings`. */
export interface PageSettingsView {
  changed(settings: PageSettings): Promise<void>;
}
