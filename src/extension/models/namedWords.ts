// The words of a hover over a `runs:/…` or `models:/…` URI, as Markdown. No vscode: tested as a table.
import { RUN_TAG, type Run } from "../../mlflow/entities.ts";
import type { Commands } from "../platform/commands.ts";
import { agoText, metricText } from "../tracking/format.ts";
import { loggedModelOf } from "../../mlflow/modelVersions.ts";
import type { NamedThing } from "./namedThing.ts";

/** Metrics that are told. */
const METRICS = 3;
/** Characters of a description. */
const DESCRIPTION = 200;

/** A link that does something; those commands must be enabled in the hover. */
export const HOVER_COMMANDS = [
  "flowdeck.models.openUri",
  "flowdeck.models.openModel",
  "flowdeck.models.openLoggedModel",
  "flowdeck.tracking.openRun",
] as const satisfies (keyof Commands)[];

export function namedWords(thing: NamedThing, now: number): string {
  switch (thing.kind) {
    case "run": {
      const { run, uri, path, artifact } = thing;
      const { status, start_time } = run.info;
      const when = start_time === undefined ? "" : ` ${whenText(start_time, now)}`;
      const what = path === "" ? [] : [`\`${path.replaceAll("`", "")}\` is a ${artifact ?? "file"} of its artifacts.`];
      return paragraphs([
        `Run ${runLink(uri, run)} · ${status.toLowerCase()}${when}${metricsOf(run)}${deletedText(run)}`,
        ...what,
      ]);
    }
    case "version": {
      const { uri, version, run, alias, stage } = thing;
      const { name } = version;
      const as = alias === undefined ? (stage === undefined ? "" : `${escape(stage)}: `) : `@${escape(alias)}: `;
      const title = link(`${name} ${version.version}`, "flowdeck.models.openModel", {
        ...{ uri, name, version: version.version },
      });
      const aliases = version.aliases.filter((one) => one !== alias).map((one) => `@${escape(one)}`);
      const stages = version.current_stage === "None" || stage === version.current_stage ? [] : [version.current_stage];
      const status = version.status === "READY" ? [] : [version.status.toLowerCase().replaceAll("_", " ")];
      const model_id = loggedModelOf(version);
      const by = version.user_id ? ` by ${escape(version.user_id)}` : "";
      const from = run === undefined ? "" : ` from run ${runLink(uri, run)}${metricsOf(run)}`;
      const logged =
        model_id === undefined
          ? []
          : [`Logged model ${link(model_id.slice(0, 10), "flowdeck.models.openLoggedModel", { uri, model_id })}`];
      return paragraphs([
        [`${as}${title}`, ...aliases, ...stages, ...status].join(" · "),
        `Registered ${whenText(version.creation_timestamp, now)}${by}${from}`,
        ...logged,
        ...(version.description ? [shortened(version.description)] : []),
      ]);
    }
    case "loggedModel": {
      const { uri, model, run } = thing;
      const { name, model_id, status, creation_timestamp_ms, model_type } = model.info;
      const title = link(name, "flowdeck.models.openLoggedModel", { uri, model_id });
      const type = model_type ? ` · ${escape(model_type)}` : "";
      const from = run === undefined ? "" : ` by run ${runLink(uri, run)}${metricsOf(run)}`;
      const words = status.replace("LOGGED_MODEL_", "").toLowerCase().replaceAll("_", " ");
      return paragraphs([
        `Logged model ${title} · ${words}${type}`,
        `Logged ${whenText(creation_timestamp_ms, now)}${from}`,
      ]);
    }
    case "missing": {
      const { sentence, meant } = thing;
      const open = meant === undefined ? [] : [`Open ${link(meant, "flowdeck.models.openUri", meant)}`];
      return paragraphs([`$(warning) ${escape(sentence)}`, ...open]);
    }
    default:
      return thing satisfies never;
  }
}

function whenText(then: number, now: number): string {
  if (then === 0) return "at a time that is not known";
  const ago = agoText(then, now);
  return ago.endsWith(" ago") ? ago : `on ${ago}`;
}

function runLink(uri: string, { info }: Run): string {
  return link(info.run_name || info.run_id.slice(0, 8), "flowdeck.tracking.openRun", { uri, run_id: info.run_id });
}

function deletedText({ info }: Run): string {
  return info.lifecycle_stage === "deleted" ? " · in the trash" : "";
}

/** ` · rmse 0.557 · r2 0.580`: those of the machine are no one's question. */
function metricsOf({ data }: Run): string {
  const own = data.metrics.filter(({ key }) => !key.startsWith("system/"));
  const shown = own.slice(0, METRICS).map(({ key, value }) => ` · ${escape(key)} ${metricText(value)}`);
  const note = data.tags.find(({ key }) => key === RUN_TAG.note)?.value;
  return `${shown.join("")}${own.length > METRICS ? " · …" : ""}${note ? `, “${shortened(note)}”` : ""}`;
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return escape(line.length > DESCRIPTION ? `${line.slice(0, DESCRIPTION)}…` : line);
}

function paragraphs(parts: readonly string[]): string {
  return parts.join("\n\n");
}

function link(text: string, command: (typeof HOVER_COMMANDS)[number], argument: unknown): string {
  return `[${escape(text)}](command:${command}?${encodeURIComponent(JSON.stringify([argument]))})`;
}

/** Whoever wrote it, it is text: no link, picture, icon or HTML comes of it. */
function escape(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>~$&"']/g, "\\$&");
}
