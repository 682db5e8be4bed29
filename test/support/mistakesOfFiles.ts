// Mistakes in the structure of an MLproject file, its keys, its environment and its YAML.
import type { Mistake } from "./plantMistakes.ts";
import {
  lineOf,
  swap,
  someEntryPoint,
  someParameter,
  misspelt,
  emptied,
  aParameter,
  indexOfKey,
  someParameters,
  commandOf,
  docker,
  block,
} from "./plantMistakes.ts";

export const FILE_MISTAKES: Record<string, Mistake> = {
  "entry_points with nothing below": emptied(
    ({ text }) => indexOfKey(text, "entry_points"),
    ["entry-points-null"],
    "",
    ["docker-name-missing"],
  ),
  "entry_points that are a list": emptied(
    ({ text }) => indexOfKey(text, "entry_points"),
    ["entry-points-not-map"],
    " [main]",
  ),
  "an entry point with nothing below": emptied(
    (place) => someEntryPoint(place)?.nameRange.start,
    ["entry-point-not-map"],
  ),
  "an entry point that is a text": emptied(
    (place) => someEntryPoint(place)?.nameRange.start,
    ["entry-point-not-map"],
    " python x.py",
  ),
  "parameters with nothing below": emptied((place) => someParameters(place), ["parameters-null"], "", [
    "undefined-placeholder",
  ]),
  "parameters that are a list": emptied((place) => someParameters(place), ["parameters-not-map"], " [a, b]", [
    "undefined-placeholder",
  ]),
  "a parameter with nothing behind": {
    codes: ["parameter-null"],
    outcome: "load",
    plant(place) {
      const found = aParameter(place);
      if (found === undefined) return undefined;
      const { nameRange, range } = found.parameter;
      return swap(
        place.text,
        nameRange.end,
        range.end,
        /\n\s*$/.test(place.text.slice(nameRange.end, range.end)) ? ":\n" : ":",
      );
    },
  },
  "a parameter that is its default": {
    codes: ["parameter-not-map"],
    outcome: "load",
    plant(place) {
      const found = someParameter(
        place,
        ({ typeRange, range, nameRange }) =>
          typeRange !== undefined && typeRange.end === range.end && typeRange.start > nameRange.end,
      );
      const { typeRange, nameRange } = found?.parameter ?? {};
      // In the long form the type stands at the end, too.
      if (typeRange === undefined || !/^\s*: *$/.test(place.text.slice(nameRange?.end, typeRange.start)))
        return undefined;
      return swap(place.text, typeRange.start, typeRange.end, "0.5");
    },
  },
  "no command": {
    codes: ["command-missing"],
    outcome: "run",
    also: ["unused-parameter"],
    plant(place) {
      const entryPoint = someEntryPoint(place, ({ parameters }) => parameters.length > 0);
      if (entryPoint?.commandRange === undefined) return undefined;
      const { text } = place;
      const start = text.lastIndexOf("command", entryPoint.commandRange.start);
      const line = text.lastIndexOf("\n", start) + 1;
      if (text.slice(line, start).trim() !== "") return undefined;
      const rest = text.slice(entryPoint.commandRange.end);
      const end =
        entryPoint.commandRange.end +
        (/^[ \t]*\r?\n?/.exec(text.endsWith("\n") && text[entryPoint.commandRange.end - 1] === "\n" ? "" : rest)?.[0]
          .length ?? 0);
      const changed = text.slice(0, line) + text.slice(end);
      return { text: changed, lines: [lineOf(text, entryPoint.nameRange.start)], entryPoint: entryPoint.name };
    },
  },
  "a command that is a number": commandOf("5", ["command-not-text"]),
  "a command that is a list": commandOf("[python, x.py]", ["command-not-text"]),
  entrypoints: misspelt("entry_points", "entrypoints", "meant", ["docker-name-missing"]),
  comand: misspelt("command", "comand", "run", ["command-missing", "unused-parameter"]),
  paramters: misspelt("parameters", "paramters", "meant", ["undefined-placeholder", "shell-variable"]),
  tpye: misspelt("type", "tpye", "meant", ["default-not-text"]),
  defualt: misspelt("default", "defualt", "meant"),
  pyhton_env: misspelt("python_env", "pyhton_env", "meant"),
  "conda-env": misspelt("conda_env", "conda-env", "meant"),
  docker_evn: misspelt("docker_env", "docker_evn", "meant"),
  "a parameter that nothing uses": {
    codes: ["unused-parameter"],
    outcome: "meant",
    plant(place) {
      const found = aParameter(place);
      if (found === undefined) return undefined;
      const { start } = found.parameter.nameRange;
      const before = place.text.slice(place.text.lastIndexOf("\n", start - 1) + 1, start);
      if (before.trim() !== "") return undefined;
      const planted = swap(place.text, start, start, `zeta_unused: string\n${before}`);
      return { ...planted, lines: [lineOf(place.text, start)] };
    },
  },
  "a name twice": {
    codes: ["duplicate-key"],
    outcome: "meant",
    plant(place) {
      const found = aParameter(place);
      if (found === undefined) return undefined;
      const { start, end } = found.parameter.nameRange;
      const before = place.text.slice(place.text.lastIndexOf("\n", start - 1) + 1, start);
      if (before.trim() !== "") return undefined;
      const name = place.text.slice(start, end);
      const planted = swap(place.text, start, start, `${name}: path\n${before}`);
      return { ...planted, lines: [lineOf(place.text, start)] };
    },
  },
  "two environments": {
    codes: ["environment-twice"],
    outcome: "load",
    plant({ text, document }) {
      if (document.environment === undefined || /^databricks/m.test(text)) return undefined;
      const other = document.environment.kind === "conda" ? "python_env: python_env.yaml" : "conda_env: conda.yaml";
      const at = indexOfKey(text, "entry_points");
      return at === undefined ? undefined : swap(text, at, at, `${other}\n`);
    },
  },
  "an environment that is a list": {
    codes: ["environment-not-text"],
    outcome: "load",
    plant({ text, document: { environment } }) {
      if (environment?.path === undefined) return undefined;
      return swap(text, environment.range.start, environment.range.end, "[conda.yaml]");
    },
  },
  "an environment file that is not there": {
    codes: ["environment-file-missing"],
    outcome: "load",
    plant({ text, document: { environment } }) {
      if (environment?.path === undefined) return undefined;
      return swap(text, environment.range.start, environment.range.end, "nowhere/environment.yaml");
    },
  },
  "docker without an image": docker("docker_env: {volumes: ['/a:/b']}", ["docker-image-missing"]),
  "docker that is a text": docker("docker_env: python:3.12", ["docker-not-map"]),
  "docker volumes that are a text": docker("docker_env: {image: a, volumes: /a}", ["docker-volumes"]),
  "docker variables that are a map": docker("docker_env: {image: a, environment: {A: b}}", ["docker-environment"]),
  "a second document": {
    codes: ["yaml-syntax"],
    outcome: "load",
    plant({ text }) {
      const planted = `${text.trimEnd()}\n---\nname: x\n`;
      return { text: planted, lines: [lineOf(planted, planted.length) - 2] };
    },
  },
  "an alias without an anchor": {
    codes: ["yaml-alias"],
    outcome: "load",
    plant({ text }) {
      const at = indexOfKey(text, "entry_points");
      return at === undefined ? undefined : swap(text, at, at, "name_of_it: *nothing\n");
    },
  },
  "a tab": {
    codes: ["yaml-syntax"],
    outcome: "load",
    plant(place) {
      const entryPoint = someEntryPoint(place);
      if (entryPoint === undefined) return undefined;
      const { start } = entryPoint.nameRange;
      const line = place.text.lastIndexOf("\n", start - 1) + 1;
      if (line === start || place.text.slice(line, start).trim() !== "") return undefined;
      return swap(place.text, line, start, "\t");
    },
  },
  "a bracket that is not closed": {
    codes: ["yaml-syntax"],
    outcome: "load",
    plant(place) {
      const found = someParameter(place, ({ range }) => place.text[range.end - 1] === "}");
      if (found === undefined) return undefined;
      const { end, start } = found.parameter.range;
      const planted = swap(place.text, end - 1, end, "");
      return { ...planted, lines: [lineOf(place.text, start), lineOf(place.text, start) + 1] };
    },
  },
  "a quote that is not closed": {
    codes: ["yaml-syntax"],
    outcome: "load",
    plant(place) {
      const entryPoint = someEntryPoint(place, ({ commandRange }) =>
        place.text.slice(commandRange?.start).startsWith('"'),
      );
      if (entryPoint?.commandRange === undefined) return undefined;
      const { start, end } = entryPoint.commandRange;
      if (place.text.slice(start, end).includes("\n") || place.text.slice(end).includes('"')) return undefined;
      return swap(place.text, end - 1, end, "");
    },
  },
  "no blank behind a colon": {
    codes: ["unknown-key"],
    outcome: "meant",
    plant({ text, random }) {
      const places = [...text.matchAll(/(?<=\{ *)type: (?=\w+ *[,}])/g)];
      if (places.length === 0) return undefined;
      const { index } = random.pick(places);
      return swap(text, index, index + 6, "type:");
    },
  },
  "a line that is not continued": {
    codes: ["line-starts-with-flag"],
    outcome: "meant",
    also: ["command-goes-on", "command-line-end"],
    plant(place) {
      const places = [...place.text.matchAll(/ \\(?=\n +--\w)/g)];
      if (places.length === 0) return undefined;
      const { index } = place.random.pick(places);
      const planted = swap(place.text, index, index + 2, "");
      return { ...planted, lines: [lineOf(place.text, index) + 1] };
    },
  },
  "lines that go on after a failure": block("|-", "command-goes-on", (command) => [command, "echo done"]),
  "a line end behind the command": block("|", "command-line-end", (command) => [command]),
};
