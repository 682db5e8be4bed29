import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { CommandName } from "../../src/extension/platform/commands.ts";
import { ROW_MENUS } from "../../src/extension/platform/rowMenus.ts";
import { isNotMeant, VIEW_TITLES } from "../../src/extension/platform/viewTitles.ts";
import { root } from "../support/environment.ts";

// package.json, the table of commands and the code that registers them say the same. Read as text: `vscode` is not there.

interface Command {
  command: string;
  title: string;
  category?: string;
  icon?: string;
}

interface Manifest {
  icon: string;
  activationEvents: string[];
  contributes: {
    commands: Command[];
    menus: Record<string, { command: string; when?: string; group?: string }[]>;
    views: Record<string, { id: string }[]>;
    viewsWelcome: { view: string; contents: string; when?: string }[];
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    configuration: { properties: Record<string, { default: unknown; enum?: string[] }> };
    colors: { id: string; defaults: Record<string, string> }[];
    languages: { configuration?: string }[];
    grammars: { path: string }[];
  };
}

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const { contributes } = manifest;
const folder = join(root, "src/extension");
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(join(folder, name), "utf8"));
const allCode = sources.join("\n");
const table = bodyOf("Commands", "platform/commands.ts");
const titled = contributes.commands.map(({ command }) => command);
/** Not for people: tests ask for it. */
const HIDDEN = [
  "flowdeck.models.openSelected",
  "flowdeck.models.renameFocused",
  "flowdeck.models.deleteFocused",
  "flowdeck.models.copyFocused",
  "flowdeck.projects.openSelected",
  "flowdeck.serving.openSelected",
  "flowdeck.tracking.openSelected",
  "flowdeck.platform.measure",
  // By keys, on the row that has the focus.
  "flowdeck.tracking.renameFocused",
  "flowdeck.tracking.deleteFocused",
  "flowdeck.tracking.copyFocused",
  "flowdeck.tracking.checkFocused",
];

function bodyOf(name: string, file: string): string {
  const text = readFileSync(join(folder, file), "utf8");
  return new RegExp(`interface ${name} \\{(.*?)\\n\\}`, "s").exec(text)?.[1] ?? "";
}

function quotedKeys(body: string): string[] {
  return [...body.matchAll(/^\s+"([\w.]+)"/gm)].map(([, key]) => key ?? "");
}

test("every command of the table has a title, and every title a command, but for the hidden ones", () => {
  assert.deepEqual(quotedKeys(table).toSorted(), [...titled, ...HIDDEN].toSorted());
  assert.ok(titled.length > 10);
});

test("every command is registered exactly once", () => {
  const registering = /(?:registerCommand\(\s*platform,|rowCommand\((?:\w+,)?|versionCommand\()\s*"([\w.]+)"/g;
  const registered = [...allCode.matchAll(registering)].map(([, name]) => name ?? "");
  assert.deepEqual(registered.toSorted(), quotedKeys(table).toSorted());
});

test("what is chosen in the menu of a server's row never means another server", () => {
  const ofRows = (contributes.menus["view/item/context"] ?? []).filter(({ when }) =>
    when?.includes("flowdeck.serving"),
  );
  assert.ok(ofRows.length > 10);
  for (const { command } of ofRows) assert.match(allCode, new RegExp(`rowCommand\\(\\s*"${command}"`), command);
});

/** What deletes or ends at once, so that no row is guessed for it. */
const AT_ONCE = ["deleteExperiment", "deleteRun", "markKilled", "purge"].map((name) => `flowdeck.tracking.${name}`);

test("what is chosen in the menu of an experiment's, run's or project's row means that row, and never another by a guess", () => {
  const titles = new Set((contributes.menus["view/title"] ?? []).map(({ command }) => command));
  const shown = new Map<string, { kinds: Set<string>; isButton: boolean }>();
  for (const { command, when = "", group = "" } of contributes.menus["view/item/context"] ?? []) {
    if (!/flowdeck\.(?:experiments|projects) /.test(when) || titles.has(command)) continue;
    const { kinds, isButton } = shown.get(command) ?? { kinds: new Set(), isButton: false };
    const told = [...when.matchAll(/viewItem (?:=~ \/\^\(?|== )([\w| ]+)/g)].map(([, kind = ""]) => kind);
    // What is asked only of runs does not say that it is one.
    for (const one of (told.join("|") || "run").split("|")) kinds.add(one.replace(/ .*/, ""));
    shown.set(command, { kinds, isButton: isButton || group.startsWith("inline") });
  }
  assert.ok(shown.size > 30);
  const asked = [...shown].map(([command, { kinds, isButton }]): [string, string[]] => [
    command,
    isButton || AT_ONCE.includes(command) ? [] : [...kinds].sort(),
  ]);
  assert.deepEqual(Object.fromEntries(ROW_MENUS), Object.fromEntries(asked));
});

test("a command in the title of a view is about the focused row only where the row's own menu has it", () => {
  const kindsOf = (command: string) =>
    (contributes.menus["view/item/context"] ?? [])
      .filter((item) => item.command === command)
      .map(({ when = "" }) => /viewItem (?:=~ \/\^|== )([a-z]+)/.exec(when)?.[1] ?? "");
  const titles = (contributes.menus["view/title"] ?? []).map(({ command }) => command);
  const told = [...VIEW_TITLES].map(([command, kinds]) => `${command}: ${kinds.toSorted().join(" ")}`);
  const shown = [...new Set(titles)].map((command) => `${command}: ${[...new Set(kindsOf(command))].sort().join(" ")}`);
  assert.deepEqual(told.toSorted(), shown.toSorted());
  const cases: [name: CommandName, given: unknown, isNot: boolean][] = [
    ["flowdeck.models.filterView", { kind: "model", name: "wine" }, true],
    ["flowdeck.models.registerUri", { kind: "version", name: "wine" }, true],
    ["flowdeck.models.registerUri", { kind: "store", uri: "u" }, false],
    ["flowdeck.models.registerUri", { uri: "u" }, false],
    ["flowdeck.models.filterView", undefined, false],
    ["flowdeck.models.rename", { kind: "model", name: "wine" }, false],
  ];
  for (const [name, given, isNot] of cases) assert.equal(isNotMeant(name, given), isNot, JSON.stringify([name, given]));
});

test("the palette says Flowdeck before every command", () => {
  for (const { command, category } of contributes.commands) assert.equal(category, "Flowdeck", command);
});

/** What does not depend on any folder, store or panel. */
const ANYWHERE = [
  "flowdeck.tracking.refresh",
  "flowdeck.models.refresh",
  "flowdeck.projects.refresh",
  "flowdeck.stores.add",
  "flowdeck.platform.showLog",
];

test("every command works anywhere, or the palette offers it only where it can work", () => {
  const clauses = new Map(contributes.menus["commandPalette"]?.map(({ command, when = "" }) => [command, when]));
  for (const { command } of contributes.commands) {
    assert.equal(clauses.has(command), !ANYWHERE.includes(command), command);
    assert.notEqual(clauses.get(command), "", command);
  }
  const commandsIn = (file: string, does = "", room = "tracking") => {
    const text = readFileSync(join(folder, room, file), "utf8");
    return [...text.matchAll(/registerCommand\(\s*platform,\s*"([\w.]+)"(?:(?!registerCommand).)*/gs)].flatMap(
      ([body, name = ""]) => (body.includes(does) ? [name] : []),
    );
  };
  const offered = (commands: string[], when: RegExp) => {
    assert.ok(commands.length > 2);
    for (const command of commands) assert.match(clauses.get(command) ?? "", when, command);
  };
  const experiment = /^activeWebviewPanelId == 'flowdeck\.experiment'$/;
  offered(commandsIn("table/commands.ts"), experiment);
  offered(commandsIn("chartCommands.ts"), experiment);
  offered(commandsIn("commands.ts", ", act(", "models"), /^activeWebviewPanelId == 'flowdeck\.model'$/);
  offered(commandsIn("compareCommands.ts", "front()"), /^flowdeck\.compareActive$/);
  offered(
    commandsIn("runCommands.ts", "changing("),
    /^flowdeck\.runWritable \|\| flowdeck\.hasWritable && !flowdeck\.runActive$/,
  );
  offered(commandsIn("experimentCommands.ts", "changing("), /^flowdeck\.hasWritable$/);
});

test("what stands as a button has an icon", () => {
  const icons = new Map(contributes.commands.map(({ command, icon = "" }) => [command, icon]));
  const buttons = ["view/title", "view/item/context", "editor/title/run"].flatMap((place) =>
    (contributes.menus[place] ?? []).filter(({ group = "" }) => /^(inline|navigation)/.test(group)),
  );
  assert.ok(buttons.length > 5);
  for (const { command } of buttons) assert.match(icons.get(command) ?? "", /^\$\([\w-]+\)$/, command);
});

test("titles are in Title Case", () => {
  const small = [
    "as",
    "at",
    "from",
    "in",
    "of",
    "on",
    "to",
    "or",
    "mlruns…",
    "mlflow.db",
    "mlflow.search_runs",
    "pandas",
    "curl",
  ];
  for (const { title } of contributes.commands) {
    for (const word of title.split(" ")) assert.ok(small.includes(word) || /^[A-Z0-9]/.test(word), `${title}: ${word}`);
  }
});

test("menus and welcome contents name commands that exist", () => {
  const builtIn = ["vscode.openFolder", "workbench.action.terminal.new", "workbench.trust.manage"];
  const inMenus = Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command));
  const inWelcome = contributes.viewsWelcome.flatMap(({ contents }) =>
    [...contents.matchAll(/\(command:([\w.]+)\)/g)].map(([, command]) => command ?? ""),
  );
  for (const command of [...inMenus, ...inWelcome]) assert.ok([...titled, ...builtIn].includes(command), command);
});

test("every view has welcome content and is created by the code", () => {
  const views = Object.values(contributes.views).flatMap((list) => list.map(({ id }) => id));
  for (const id of views) {
    assert.ok(
      contributes.viewsWelcome.some(({ view }) => view === id),
      `${id} has no welcome content`,
    );
    assert.match(allCode, new RegExp(`(createTreeView|registerTreeDataProvider)\\("${id.replace(".", "\\.")}"`));
  }
});

test("when clauses ask only for context keys that the code sets", () => {
  const known = quotedKeys(bodyOf("ContextKeys", "platform/contextKeys.ts"));
  const clauses = [...Object.values(contributes.menus).flat(), ...contributes.viewsWelcome].map(
    ({ when }) => when ?? "",
  );
  const views = Object.values(contributes.views).flatMap((list) => list.map(({ id }) => id));
  const asked = clauses.flatMap((when) => [...when.matchAll(/flowdeck\.\w+/g)].map(([key]) => key));
  for (const key of asked) assert.ok([...known, ...views, ...panelTypes()].includes(key), key);
  // Told one by one, by a list of files that knows its key, or all of a panel together in a list of pairs.
  for (const key of known)
    assert.match(allCode, new RegExp(`(setContextKey\\([^)]*|\\[|key: )"${key.replace(".", "\\.")}"`));
});

function panelTypes(): string[] {
  return [...allCode.matchAll(/type: "(flowdeck\.\w+)", page:/g)].map(([, type]) => type ?? "");
}

test("settings in package.json and in the code are the same", () => {
  const declared = Object.keys(contributes.configuration.properties);
  assert.deepEqual(quotedKeys(bodyOf("Settings", "platform/settings.ts")).toSorted(), declared.toSorted());
});

test("the code's fallback of a setting is its default in package.json", () => {
  const used = [...allCode.matchAll(/[^\w]setting\(\s*"([\w.]+)",\s*("[^"]*"|\d+)/g)];
  assert.ok(used.length >= 5);
  for (const [, name = "", fallback = ""] of used) {
    assert.deepEqual(JSON.parse(fallback), contributes.configuration.properties[name]?.default, name);
  }
});

test("restored panels activate the extension", () => {
  const types = panelTypes();
  assert.ok(types.length >= 2);
  for (const type of types) assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${type}`), type);
});

test("the run palette has ten colours for every theme, and the tab icons hold the same", () => {
  const icons = readFileSync(join(folder, "tracking/icons.ts"), "utf8");
  const listOf = (name: string) => new RegExp(`const ${name} = "([^"]*)"`).exec(icons)?.[1]?.split(" ");
  assert.deepEqual(
    contributes.colors.map(({ id }) => id),
    Array.from({ length: 10 }, (_, index) => `flowdeck.run${index + 1}`),
  );
  assert.deepEqual(
    contributes.colors.map(({ defaults }) => defaults["dark"]),
    listOf("DARK")?.map((hex) => `#${hex}`),
  );
  assert.deepEqual(
    contributes.colors.map(({ defaults }) => defaults["light"]),
    listOf("LIGHT")?.map((hex) => `#${hex}`),
  );
  for (const { id, defaults } of contributes.colors) {
    assert.equal(defaults["highContrast"], defaults["dark"], id);
    assert.equal(defaults["highContrastLight"], defaults["light"], id);
  }
});

test("files that the manifest and the code name are there", () => {
  const [container] = contributes.viewsContainers.activitybar;
  for (const file of [
    manifest.icon,
    container?.icon ?? "",
    "media/experiment-dark.svg",
    "media/experiment-light.svg",
    ...contributes.languages.flatMap(({ configuration }) => configuration ?? []),
    ...contributes.grammars.map(({ path }) => path),
  ]) {
    assert.ok(existsSync(join(root, file)), file);
  }
});
