import type { CodeLens, Command } from "vscode-languageserver";
import type { RegisteredModelResult, RegisteredVersionResult } from "../../protocol/language.ts";
import type { Registration } from "../python/registrations.ts";
import { rangeIn } from "./positions.ts";
import { age, metric } from "./times.ts";

/** Above every call that registers a model: its last version, the best one and its champion. `known`: what the client told of a name. */
export function registrationLenses(
  file: { text: string },
  registrations: readonly Registration[],
  known: (name: string) => RegisteredModelResult | undefined,
  now: number,
): CodeLens[] {
  return registrations.flatMap(({ name, range: at }) => {
    const model = known(name);
    if (model === undefined) return [];
    const range = rangeIn(file, at);
    return commandsOf(name, model, now).map((command) => ({ range, command }));
  });
}

function commandsOf(name: string, { uri, last, best, champion }: RegisteredModelResult, now: number): Command[] {
  // VS Code draws a lens without a command as words.
  if (last === undefined) return [{ title: `${name} has no version yet`, command: "" }];
  const open = (title: string, { version }: RegisteredVersionResult): Command => ({
    title,
    command: "flowdeck.models.openModel",
    arguments: [{ uri, name, version }],
  });
  return [
    open(`${name} ${last.version} · ${age(last.time, now)}${metricOf(last)}`, last),
    ...(best === undefined ? [] : [open(`best ${best.version}${metricOf(best)}`, best)]),
    ...(champion === undefined ? [] : [open(`@champion ${champion.version}${metricOf(champion)}`, champion)]),
  ];
}

/** ` · rmse 0.5571`. */
function metricOf({ metric: told }: RegisteredVersionResult): string {
  return told === undefined ? "" : ` · ${told.key} ${metric(told.value)}`;
}
