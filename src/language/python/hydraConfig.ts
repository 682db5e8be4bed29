// The configuration a hydra script starts from, as far as its files beside the script tell.
import { readYamlText } from "../../projects/plainYaml.ts";
import type { MapNode, YamlNode } from "../../projects/yamlTree.ts";
import { emptyInterface } from "./model.ts";
import type { Place, ScriptInterface, ScriptOption } from "./model.ts";
import type { HydraMain } from "./values.ts";

/** Text of a file; undefined when it is not there. */
export type ReadText = (path: string) => string | undefined;

/** Files that are put together at most. */
const FILES = 40;

/** What a hydra script takes; `folder` is that of the script. */
export function hydraInterface(main: HydraMain, folder: string, place: Place, read: ReadText): ScriptInterface {
  const made = emptyInterface("hydra", place);
  made.open =
    main.open || main.configName === undefined || main.configPath === undefined || /:\/\//.test(main.configPath);
  if (made.open || main.configName === undefined || main.configPath === undefined) return made;
  const composer = new Composer(join(folder, main.configPath), read);
  composer.add(main.configName.replace(/\.yaml$/, ""), "", "");
  made.options = [...composer.options.values()];
  made.open = composer.open;
  return made;
}

class Composer {
  readonly options = new Map<string, ScriptOption>();
  open = false;
  readonly #folder: string;
  readonly #read: ReadText;
  #left = FILES;

  constructor(folder: string, read: ReadText) {
    this.#folder = folder;
    this.#read = read;
  }

  /** Adds the file `name` of a group below the key `at`. */
  add(name: string, group: string, at: string): void {
    const path = join(join(this.#folder, group), `${name}.yaml`);
    const text = this.#left > 0 ? this.#read(path) : undefined;
    this.#left -= 1;
    const package_ = /^\s*#\s*@package\s+(\S+)/m.exec(text ?? "")?.[1];
    const { root } = readYamlText(text ?? "");
    if (
      text === undefined ||
      (package_ !== undefined && package_ !== "_group_") ||
      (root !== undefined && root.kind !== "map")
    ) {
      this.open = true;
      return;
    }
    if (root === undefined) return;
    const defaults = root.entries.find(({ key }) => key.scalar.text === "defaults");
    if (defaults !== undefined && defaults.value.kind === "list") {
      for (const item of defaults.value.items) this.#default(item, group, at);
    } else if (defaults !== undefined) this.open = true;
    this.#keys(root, at, path, at === "");
  }

  #default(item: YamlNode, group: string, at: string): void {
    if (item.kind === "scalar") {
      const name = item.scalar.text;
      if (name === "_self_") return;
      // A file by its name stands where the file does that names it.
      const parts = name.split("/");
      if (name.includes("@") || name.startsWith("/") || parts.length > 2) this.open = true;
      else if (parts.length === 2) this.#group(group, at, parts[0] ?? "", parts[1] ?? "");
      else this.add(name, group, at);
      return;
    }
    const [entry] = item.kind === "map" ? item.entries : [];
    if (entry === undefined || item.kind !== "map" || item.entries.length !== 1) {
      this.open = true;
      return;
    }
    const key = entry.key.scalar.text;
    if (/^override \/?hydra\//.test(key)) return;
    const name = key.replace(/^optional /, "");
    const value = entry.value;
    if (/[@\s]/.test(name) || name.startsWith("/") || value.kind === "map") this.open = true;
    else if (value.kind === "list" || value.scalar.text === "???" || /[$]/.test(value.scalar.text))
      this.#free(group, at, name);
    else if (value.scalar.kind === "null") this.#free(group, at, name);
    else this.#group(group, at, name, value.scalar.text.replace(/\.yaml$/, ""));
  }

  #group(group: string, at: string, name: string, option: string): void {
    this.#free(group, at, name, false);
    const dotted = name.replaceAll("/", ".");
    this.add(option, group === "" ? name : `${group}/${name}`, at === "" ? dotted : `${at}.${dotted}`);
  }

  /** A group: other keys stand below it when another file is chosen for it, or when none is named yet. */
  #free(group: string, at: string, name: string, uncertain = true): void {
    const place = { file: this.#folder, range: { start: 0, end: 0 } };
    const whole = group === "" ? name : `${group}/${name}`;
    const dotted = at === "" ? name.replaceAll("/", ".") : `${at}.${name.replaceAll("/", ".")}`;
    for (const one of [dotted, whole]) this.options.set(one, { ...optionOf(one, place, uncertain), remainder: true });
  }

  #keys(map: MapNode, at: string, file: string, isRoot: boolean): void {
    for (const { key, value } of map.entries) {
      const word = key.scalar.text;
      if (isRoot && (word === "defaults" || word === "hydra")) continue;
      if (word === "defaults") continue;
      const name = at === "" ? word : `${at}.${word}`;
      const option = optionOf(name, { file, range: key.range }, value.kind === "list");
      if (value.kind === "scalar" && value.scalar.kind !== "null") option.default = value.scalar.text;
      if (value.kind === "scalar" && value.scalar.text.startsWith("${")) option.uncertain = true;
      this.options.set(name, option);
      if (value.kind === "map") this.#keys(value, name, file, false);
    }
  }
}

/** `uncertain`: more may stand below it than is known. A group is marked as `remainder`. */
function optionOf(name: string, place: Place, uncertain: boolean): ScriptOption {
  const rest = { offFlags: [], least: 1, most: 1, remainder: false, required: false, uncertain };
  return { flags: [`${name}=`], name, ...rest, place, namePlace: place };
}

function join(folder: string, path: string): string {
  const parts = (path.startsWith("/") ? path : `${folder}/${path}`).split("/");
  const out: string[] = [];
  for (const part of parts) {
    if (part === "" || part === ".") continue;
    if (part === ".." && out.length > 0 && out.at(-1) !== "..") out.pop();
    else out.push(part);
  }
  return `${path.startsWith("/") || folder.startsWith("/") ? "/" : ""}${out.join("/")}`;
}
