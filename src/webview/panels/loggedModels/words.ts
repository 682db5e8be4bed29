import type { LoggedModelStatus } from "../../../mlflow/entities.ts";
import type { RegisteredVersion } from "../../../protocol/panels/loggedModels.ts";

// What the panel says of a logged model, in words.

export interface StatusSign {
  words: string;
  icon: string;
  class: string;
}

const SIGNS: Record<LoggedModelStatus, StatusSign> = {
  LOGGED_MODEL_STATUS_UNSPECIFIED: { words: "Unknown", icon: "circle-large-outline", class: "dim" },
  LOGGED_MODEL_PENDING: { words: "Pending", icon: "circle-large-outline", class: "dim" },
  LOGGED_MODEL_READY: { words: "Ready", icon: "pass", class: "passed" },
  LOGGED_MODEL_UPLOAD_FAILED: { words: "Upload failed", icon: "error", class: "failed" },
};

export function signOf(status: LoggedModelStatus): StatusSign {
  return SIGNS[status];
}

/** `wine-quality 3 @champion Production`. */
export function versionText({ name, version, aliases, stage }: RegisteredVersion): string {
  const badges = [...aliases.map((alias) => `@${alias}`), ...(stage === "None" ? [] : [stage])];
  return [`${name} ${version}`, ...badges].join(" ");
}
