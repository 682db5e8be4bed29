import type { VersionDifferences } from "../../../src/mlflow/modelVersions.ts";
import type { VersionDetails, VersionsBeside } from "../../../src/protocol/panels/model.ts";
import type { VersionRow } from "../../../src/protocol/versions.ts";

// Versions as the Model panel is told of them.

export function row(version: string, more: Partial<VersionRow> = {}): VersionRow {
  return { version, aliases: [], current_stage: "None", status: "READY", creation_timestamp: 0, ...more };
}

export function details(version: string, more: Partial<VersionDetails> = {}): VersionDetails {
  return { row: row(version), last_updated_timestamp: 0, source: "", tags: [], metrics: [], params: [], ...more };
}

export function beside(version: string, against: string, more: Partial<VersionDifferences> = {}): VersionsBeside {
  const nothing = { metrics: [], params: [], flavors: [], size: {} };
  const unknown = { state: "unknown" as const, rows: [] };
  const differences = { ...nothing, signature: unknown, environment: unknown, ...more };
  return { version: row(version), against: row(against), differences };
}
