import type { Problem, ProblemSeverity } from "../../projects/document.ts";
import { PROBLEM_SEVERITIES } from "../../projects/document.ts";

/** Settings of a person: another severity for a code, or none at all. */
export type Severities = Readonly<Record<string, ProblemSeverity | "off">>;

/** Where clients keep them. */
export const SEVERITY_SECTION = "flowdeck.mlproject.severity";

/** The same of a client that tells its settings unasked. */
export function readPushed(settings: unknown): Severities {
  let value = settings;
  for (const name of SEVERITY_SECTION.split(".")) {
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  }
  return readSeverities(value);
}

/** The border: what a client answers for the setting; other values are passed over. */
export function readSeverities(value: unknown): Severities {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  const read: Record<string, ProblemSeverity | "off"> = {};
  for (const [code, wanted] of Object.entries(value)) {
    const severity = [...PROBLEM_SEVERITIES, "off" as const].find((one) => one === wanted);
    if (severity !== undefined) read[code] = severity;
  }
  return read;
}

export function withSeverity(problem: Problem, severities: Severities): Problem[] {
  const severity = Object.hasOwn(severities, problem.code) ? severities[problem.code] : undefined;
  if (severity === "off") return [];
  return [severity === undefined ? problem : { ...problem, severity }];
}
