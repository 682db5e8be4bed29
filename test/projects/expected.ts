// What mlflow 3.17.2 makes of the collected files: `expected.json` of ../shared/mlprojects.
import { readFileSync } from "node:fs";
import { shared } from "../support/environment.ts";

export interface ExpectedEntryPoint {
  command: string;
  parameters: Record<string, { type: string; default_str: string | null; required: boolean }>;
  placeholders: string[];
  undefined_placeholders: string[];
  unused_parameters: string[];
  sample_user_parameters: Record<string, string>;
  sample_command?: string;
  sample_command_with_extra?: string;
  sample_command_error?: { type: string; message: string };
}

export interface ExpectedFile {
  load_with_env_file_stub: { ok: boolean };
  entry_points?: Record<string, ExpectedEntryPoint>;
  positions: { entry_points: unknown[] };
}

/** By file name; empty where ../shared is absent. */
export function readExpected(): Record<string, ExpectedFile> {
  const file = shared("mlprojects", "expected.json");
  if (file === undefined) return {};
  const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
  return parsed as Record<string, ExpectedFile>;
}

export function parameterTable(entry: ExpectedEntryPoint): Array<[string, string, string | null]> {
  return Object.entries(entry.parameters).map(([name, { type, default_str }]) => [name, type, default_str]);
}
