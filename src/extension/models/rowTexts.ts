// What rows of the Models view say. No vscode: tested as tables.
import { ageText, countText } from "../tracking/format.ts";
import { newestVersion } from "./readModels.ts";
import type { ModelRow, VersionRow } from "./rows.ts";

/** Until its versions are counted, nothing is said. */
export function countOf({ count, model }: Pick<ModelRow, "count" | "model">): string {
  if (newestVersion(model) === undefined) return countText(0, "version");
  return count === undefined ? "" : countText(count, "version");
}

/** What is wrong, aliases, the stage; the age where there is room for it. `now` in ms since the epoch. */
export function versionDescription({ found, aliases }: Pick<VersionRow, "found" | "aliases">, now: number): string {
  const { status, current_stage, creation_timestamp } = found;
  const parts = status === "READY" ? [] : [status === "PENDING_REGISTRATION" ? "pending" : "failed"];
  parts.push(...aliases.map((alias) => `@${alias}`));
  if (current_stage !== "None") parts.push(current_stage);
  if (parts.length < 2) parts.push(ageText(creation_timestamp, now));
  return parts.join(" · ");
}

/** `registered`: when, in words. */
export function versionTooltip({ found }: Pick<VersionRow, "found">, registered: string): string {
  const { name, version, status, status_message, description, source, user_id } = found;
  const why = status_message ? `: ${status_message}` : "";
  const trouble = {
    READY: "",
    PENDING_REGISTRATION: `Registration is pending${why}`,
    FAILED_REGISTRATION: `Registration failed${why}`,
  };
  const by = user_id ? ` by ${user_id}` : "";
  const lines = [`${name} ${version}`, trouble[status], description, `Registered ${registered}${by}`, source];
  return lines.filter(Boolean).join("\n");
}
