import type { ModelAction, VersionAction } from "../../../protocol/panels/model.ts";
import type { VersionRow } from "../../../protocol/versions.ts";
import type { MenuEntry, MenuItem } from "../../ui/menu.tsx";
import type { Props } from "./props.ts";

// What can be done with the model, a version and a column, as menus.

/** Separators stand between entries only. */
function tidy(entries: readonly MenuEntry[]): MenuEntry[] {
  return entries.filter(
    (entry, at) => entry !== "separator" || (at > 0 && at < entries.length - 1 && entries[at - 1] !== "separator"),
  );
}

export function modelMenu({ model, host }: Props): MenuEntry[] {
  const item = (label: string, action: ModelAction, icon?: string): MenuItem => ({
    label,
    onClick: () => model.attempt(host.act({ action })),
    ...(icon === undefined ? {} : { icon }),
  });
  const writable = model.can("write");
  const hasTags = (model.overview.peek()?.tags.length ?? 0) > 0;
  return tidy([
    ...(writable
      ? [
          item("Register a Version…", "register", "add"),
          "separator" as const,
          item("Edit Description…", "describe", "edit"),
          item("Set Tag…", "setTag", "tag"),
          ...(hasTags ? [item("Delete Tag…", "deleteTag")] : []),
          item("Rename…", "rename"),
        ]
      : []),
    "separator",
    item("Copy Name", "copyName", "copy"),
    "separator",
    ...(writable ? [item("Delete Registered Model…", "delete", "trash")] : []),
  ]);
}

export function versionMenu({ model, host }: Props, row: VersionRow): MenuEntry[] {
  const { version, run, model_id, aliases } = row;
  const item = (label: string, action: VersionAction, more: Partial<MenuItem> = {}): MenuItem => ({
    label,
    onClick: () => model.attempt(host.actOnVersion({ action, version })),
    ...more,
  });
  const pair = model.checkedPair.peek();
  const champion = model.champion.peek();
  const writable = model.can("write");
  return tidy([
    ...(run === undefined ? [] : [item("Open Source Run", "openRun", { icon: "go-to-file", keys: "Enter" })]),
    ...(model_id === undefined ? [] : [item("Open Logged Model", "openLoggedModel", { icon: "package" })]),
    ...(model.can("serve") ? [item("Serve", "serve", { icon: "radio-tower" })] : []),
    "separator",
    ...(pair === undefined
      ? []
      : [
          {
            label: `Compare ${pair[0]} and ${pair[1]}`,
            icon: "git-compare",
            keys: "C",
            onClick: () => model.compare(pair),
          },
        ]),
    ...(champion === undefined || champion === version
      ? []
      : [
          {
            label: `Open MLmodel as Diff with ${champion}`,
            icon: "diff",
            keys: "O",
            onClick: () => model.attempt(host.diffFiles({ left: champion, right: version })),
          },
        ]),
    "separator",
    ...(writable
      ? [
          item("Set Alias…", "setAlias", { icon: "tag", keys: "A" }),
          ...(aliases.length > 0 ? [item("Remove Alias…", "removeAlias")] : []),
          item("Set Stage…", "setStage", { keys: "S" }),
          "separator" as const,
          item("Edit Description…", "describe", { icon: "edit", keys: "E" }),
          item("Set Tag…", "setTag", { keys: "T" }),
          item("Delete Tag…", "deleteTag"),
          item("Copy to Another Model…", "copyVersion"),
        ]
      : []),
    "separator",
    item("Copy models:/ URI", "copyUri", { icon: "copy" }),
    "separator",
    ...(writable ? [item("Delete Version…", "delete", { icon: "trash", keys: "Del" })] : []),
  ]);
}

/** Which metric the table shows. */
export function metricMenu({ model }: Props): MenuEntry[] {
  const shown = model.metric.peek();
  const keys = model.metrics.peek()?.keys ?? [];
  return [
    { heading: "Metric" },
    ...keys.slice(0, MOST_METRICS).map(
      ({ key }): MenuItem => ({
        ...{ label: key, checked: key === shown, radio: true },
        onClick: () => model.chooseMetric(key),
      }),
    ),
  ];
}

const MOST_METRICS = 60;

/** Letters that do something with the version of a row, where it can be written. */
export const VERSION_KEYS: Readonly<Record<string, VersionAction>> = {
  a: "setAlias",
  s: "setStage",
  e: "describe",
  t: "setTag",
  delete: "delete",
};

/** All keys of the table; each is a command of the palette, too. */
export const KEYS: readonly [keys: string, words: string][] = [
  ["Ctrl/⌘ F", "Filter"],
  ["F6", "Next region"],
  ["Arrows, Home, End", "Cell to cell; the details follow"],
  ["Enter", "Open the source run"],
  ["Space · Shift ↑ ↓", "Check the version · a range"],
  ["C", "Compare the two checked versions"],
  ["D", "Differences only, while comparing"],
  ["O", "Open MLmodel files as diff"],
  ["A · S · E · T", "Alias · stage · description · tag"],
  ["Del", "Delete the version"],
  ["Ctrl/⌘ C", "Copy the value"],
  ["Shift F10", "Menu of the version or column"],
  ["Enter, Alt ↑ on a header", "Sort"],
  ["Esc", "Close the comparison, leave the filter"],
  ["?", "This list"],
];
