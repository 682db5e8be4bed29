import type { MetricDifference, TextDifference, VersionDifferences } from "../../../mlflow/modelVersions.ts";
import type { HistoryRow, SignatureFacts } from "../../../protocol/panels/model.ts";
import type { VersionRow } from "../../../protocol/versions.ts";
import { countOf, differenceText, formatCount, formatMetric, isOutside, metricFormat } from "../../ui/format.ts";
import { directionOf } from "../../ui/metrics.ts";

// What the Model panel says. No drawing: tested as tables.

const ARROW = "→";

/** `6 @challenger`: a version as the columns beside each other name it. */
export function versionTitle({ version, aliases, current_stage }: VersionRow): string {
  const alias = aliases.includes("champion") ? "champion" : aliases[0];
  if (alias !== undefined) return `${version} @${alias}`;
  return current_stage === "None" ? version : `${version} ${current_stage}`;
}

/** A number of one version beside that of another. */
export interface MetricTexts {
  value: string | undefined;
  against: string | undefined;
  /** Absent where one of them is not logged or is no number. */
  difference: string | undefined;
  /** Absent: equal, or not known. */
  better: boolean | undefined;
}

/** In one format, so that the digits stand in line. */
export function metricTexts({ key, value, against }: Pick<MetricDifference, "key" | "value" | "against">): MetricTexts {
  const format = metricFormat([value, against].flatMap((one) => one ?? []));
  const text = (one: number | undefined) => (one === undefined ? undefined : formatMetric(one, format));
  const both = value !== undefined && against !== undefined && !isOutside(value) && !isOutside(against);
  const difference = both ? value - against : undefined;
  return {
    value: text(value),
    against: text(against),
    difference: difference === undefined ? undefined : differenceText(difference, format),
    better: difference === undefined || difference === 0 ? undefined : isBetter(key, difference),
  };
}

export function isBetter(metric_key: string, difference: number): boolean {
  return difference < 0 === (directionOf(metric_key) === "lower");
}

/** `11 in, 1 out`. */
export function signatureText({ inputs, outputs, params }: Omit<SignatureFacts, "lines">): string {
  const told = [`${formatCount(inputs)} in`, `${formatCount(outputs)} out`];
  return [...told, ...(params === 0 ? [] : [countOf(params, "param")])].join(", ");
}

/** A sentence's end about the signature of another version; `same`: what serves the one serves the other. */
export function signatureBeside(
  { state, rows }: VersionDifferences["signature"],
  other: string,
): { text: string; same: boolean } | undefined {
  if (state === "unknown" || state === "absent") return undefined;
  if (state === "same") return { text: `same as ${other}`, same: true };
  const different = rows.filter(({ same }) => !same);
  const [first] = different;
  if (first === undefined) return { text: `in another order than ${other}`, same: false };
  const more = different.length === 1 ? "" : ` and ${formatCount(different.length - 1)} more`;
  return { text: `${changeText(first)}${more}`, same: false };
}

/** `alcohol double → double, optional`; `alcohol new`, `alcohol gone`. */
export function changeText({ key, value, against }: TextDifference): string {
  if (against === undefined) return value === undefined || value === "" ? `${key} new` : `${key} ${value} new`;
  return value === undefined ? `${key} gone` : `${key} ${against} ${ARROW} ${value}`;
}

/** `xgboost 3.0.2 → 3.1.0 and 2 more`, `same as 5`. */
export function environmentBeside(
  { state, rows }: VersionDifferences["environment"],
  other: string,
): { text: string; same: boolean; title: string } | undefined {
  if (state === "unknown") return undefined;
  const different = rows.filter(({ same }) => !same);
  const [first] = different;
  if (first === undefined) return { text: `same as ${other}`, same: true, title: "" };
  const more = different.length === 1 ? "" : ` and ${formatCount(different.length - 1)} more`;
  return { text: `${changeText(first)}${more}`, same: false, title: different.map(changeText).join("\n") };
}

/** How the metrics of two versions compare, in one sentence: `Better than 5 in 2 of 3 metrics.` */
export function metricsSentence(metrics: readonly MetricDifference[], other: string): string {
  const told = metrics.map(metricTexts);
  const both = told.filter(({ difference }) => difference !== undefined);
  if (both.length === 0) return `No metric is logged for both, so it cannot be measured by ${other}.`;
  const better = both.filter(({ better: is }) => is === true).length;
  const worse = both.filter(({ better: is }) => is === false).length;
  if (better === 0 && worse === 0) return `As good as ${other} in ${countOf(both.length, "metric")}.`;
  const of = `of ${countOf(both.length, "metric")}`;
  if (worse === 0) return `Better than ${other} in ${formatCount(better)} ${of}.`;
  if (better === 0) return `Worse than ${other} in ${formatCount(worse)} ${of}.`;
  return `Better than ${other} in ${formatCount(better)}, worse in ${formatCount(worse)} ${of}.`;
}

/** Pieces of an act: words, aliases and stages as badges, a run as a link. */
export type ActPiece =
  | { kind: "text"; text: string }
  | { kind: "alias"; alias: string }
  | { kind: "stage"; stage: string }
  | { kind: "run"; run_id: string; run_name: string; ordinal: number };

const words = (text: string): ActPiece => ({ kind: "text", text });

export function actPieces(row: HistoryRow): ActPiece[] {
  switch (row.what) {
    case "alias": {
      const { alias, from, to } = row;
      const named: ActPiece[] = [words("alias"), { kind: "alias", alias }];
      if (to === undefined) return [...named, words(`removed from ${from ?? row.version}`)];
      return [...named, words(from === undefined ? `set on ${to}` : `moved from ${from} to ${to}`)];
    }
    case "stage": {
      const { version, from, to, archived } = row;
      const others = archived.length === 0 ? [] : [words(`, ${archived.join(", ")} archived`)];
      return [words(`${version} from ${from} to`), { kind: "stage", stage: to }, ...others];
    }
    case "registered": {
      const { version, run } = row;
      if (run === undefined) return [words(`${version} registered`)];
      const { run_id, run_name, ordinal } = run;
      return [words(`${version} registered from run`), { kind: "run", run_id, run_name, ordinal }];
    }
    default:
      return row satisfies never;
  }
}

/** `6 versions`, `2 of 6 versions`. */
export function countText(matching: number | undefined, versions: number, isFiltered: boolean): string {
  if (matching === undefined) return "";
  return isFiltered ? `${formatCount(matching)} of ${countOf(versions, "version")}` : countOf(matching, "version");
}

/** How the registration of a version that is not ready stands, in words. */
export function statusText(status: VersionRow["status"], message: string | undefined): string {
  const isFailed = status === "FAILED_REGISTRATION";
  if (message !== undefined && message !== "") return `${isFailed ? "Failed" : "Pending"}: ${message}`;
  return isFailed ? "Its registration failed" : "Being registered";
}
