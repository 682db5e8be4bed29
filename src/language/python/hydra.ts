// hydra: a function under `@hydra.main(...)` reads the command line when it is called.
import type { Value } from "./values.ts";
import { asText, isNone } from "./values.ts";

/** What `@hydra.main(...)` makes of a function; undefined for another decorator. */
export function applyHydra(decorator: Value, value: Value): Value | undefined {
  if (decorator.kind !== "made" || decorator.path !== "hydra.main") return undefined;
  if (value.kind !== "function") return value;
  const path = decorator.keywords.get("config_path") ?? decorator.args[0];
  const name = decorator.keywords.get("config_name") ?? decorator.args[1];
  const isKnown = (one: Value | undefined) => one === undefined || isNone(one) || asText(one) !== undefined;
  const open = decorator.spread || !isKnown(path) || !isKnown(name);
  return { ...value, hydra: { configPath: asText(path), configName: asText(name), open } };
}
