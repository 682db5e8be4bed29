// hydra: a function under `@hydra.main(...)` reads the command line when it is called.
import type { FrameworkHooks } from "./hooks.ts";
import type { Place } from "./model.ts";
import { emptyInterface } from "./model.ts";
import type { HydraMain, Value } from "./values.ts";
import { asText, isNone, UNKNOWN } from "./values.ts";

export interface HydraReading {
  main: HydraMain;
  place: Place;
}

/** Calls of hydra's functions; what their configuration holds is read from files later. */
export function hydraHooks(found: HydraReading[]): FrameworkHooks {
  return {
    call(callee, given, run) {
      if (callee.kind !== "function" || callee.hydra === undefined || given.args.length > 0) return undefined;
      const place = { file: callee.scope.module.file.path, range: callee.node.nameRange };
      found.push({ main: callee.hydra, place });
      run.read(emptyInterface("hydra", place));
      return UNKNOWN;
    },
  };
}

/** What `@hydra.main(...)` makes of a function; undefined for another decorator. */
export function applyHydra(decorator: Value, value: Value): Value | undefined {
  if (decorator.kind !== "made" || decorator.path !== "hydra.main") return undefined;
  if (value.kind !== "function") return value;
  const path = decorator.keywords.get("config_path") ?? decorator.args[0];
  const name = decorator.keywords.get("config_name") ?? decorator.args[1];
  const version = decorator.keywords.get("version_base");
  const isLater = version !== undefined && asText(version) !== "1.1";
  const isKnown = (one: Value | undefined) => one === undefined || isNone(one) || asText(one) !== undefined;
  const open = decorator.spread || !isKnown(path) || !isKnown(name);
  // Before 1.2 the configuration stands beside the script when nothing is said.
  const folder = path === undefined && !isLater ? "." : asText(path);
  return { ...value, hydra: { configPath: folder, configName: asText(name), open } };
}
