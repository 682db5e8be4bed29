// What is shown before a version takes another one's place. No vscode: tested as tables.
import type { MetricDifference, TextDifference, VersionDifferences } from "../../mlflow/modelVersions.ts";

/** A line of the review; `head` stands above the ones that follow. */
export type ReviewLine =
  | { kind: "head"; text: string }
  | { kind: "line"; icon: string; label: string; description: string };

/** Lines of each part. */
const MOST = 12;
const MINUS = "\u2212";

/** `against`: the version that has the place. */
export function reviewLines(differences: VersionDifferences, against: string): ReviewLine[] {
  const holder = `version ${against}`;
  const { metrics, params, signature, environment, flavors } = differences;
  const changed = (rows: TextDifference[]) => rows.filter(({ same }) => !same);
  const signs = {
    same: `the same as ${holder}`,
    differs: `another than ${holder}`,
    absent: "neither has one",
    unknown: "cannot be read",
  };
  return [
    { kind: "head", text: `Metrics: ${metricsText(metrics, holder)}` },
    ...cut(metrics.toSorted(worstFirst).map(metricLine)),
    { kind: "head", text: `Signature: ${signs[signature.state]}` },
    ...cut(changed(signature.rows).map((row) => textLine(row, "symbol-field"))),
    { kind: "head", text: `Environment: ${environmentText(environment, holder)}` },
    ...cut(changed(environment.rows).map((row) => textLine(row, "library"))),
    ...section("Flavors", changed(flavors), "symbol-class"),
    ...section("Params", changed(params), "symbol-parameter"),
  ];
}

function section(name: string, rows: TextDifference[], icon: string): ReviewLine[] {
  if (rows.length === 0) return [];
  return [{ kind: "head", text: name }, ...cut(rows.map((row) => textLine(row, icon)))];
}

function metricsText(metrics: MetricDifference[], holder: string): string {
  const count = (verdict: MetricDifference["verdict"]) => metrics.filter((one) => one.verdict === verdict).length;
  const parts = [
    [count("better"), "better"],
    [count("worse"), "worse"],
    [count("same"), "the same"],
    [count("unknown"), "not comparable"],
  ] as const;
  const told = parts.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}`);
  return told.length === 0 ? "none is logged" : `${told.join(", ")} beside ${holder}`;
}

function environmentText({ state, rows }: VersionDifferences["environment"], holder: string): string {
  if (state === "unknown") return "cannot be read";
  if (state === "same") return `the same as ${holder}`;
  const count = rows.filter(({ same }) => !same).length;
  return `${count} ${count === 1 ? "package differs" : "packages differ"} from ${holder}`;
}

const ORDER = { worse: 0, better: 1, unknown: 2, same: 3 };
const ICONS = { worse: "warning", better: "check", unknown: "question", same: "dash" };

function worstFirst(one: MetricDifference, other: MetricDifference): number {
  return ORDER[one.verdict] - ORDER[other.verdict];
}

function metricLine({ key, value, against, verdict }: MetricDifference): ReviewLine {
  const [mine, theirs, difference] = numberTexts(value, against);
  const told = verdict === "unknown" || verdict === "same" ? "" : `, ${difference}, ${verdict}`;
  return { kind: "line", icon: ICONS[verdict], label: `${key} ${mine}`, description: `instead of ${theirs}${told}` };
}

function textLine({ key, value, against }: TextDifference, icon: string): ReviewLine {
  const [mine, theirs] = [value ?? "not there", against ?? "not there"].map((text) =>
    text === "" ? "any version" : text,
  );
  return { kind: "line", icon, label: `${key} ${mine}`, description: `instead of ${theirs}` };
}

function cut(lines: ReviewLine[]): ReviewLine[] {
  const more = lines.length - MOST;
  if (more <= 0) return lines;
  return [...lines.slice(0, MOST), { kind: "line", icon: "ellipsis", label: `and ${more} more`, description: "" }];
}

/** Both with as many decimals as their size wants, and more until they are told apart; then their difference, signed. */
export function numberTexts(value: number | undefined, against: number | undefined): [string, string, string] {
  const words = (one: number | undefined) => (one === undefined ? "not logged" : String(one));
  if (value === undefined || against === undefined || !Number.isFinite(value) || !Number.isFinite(against)) {
    return [words(value), words(against), ""];
  }
  const size = Math.max(Math.abs(value), Math.abs(against));
  let decimals = Math.min(6, Math.max(0, 3 - Math.floor(Math.log10(size || 1))));
  while (value !== against && value.toFixed(decimals) === against.toFixed(decimals) && decimals < 12) decimals += 1;
  const text = (one: number) => one.toFixed(decimals).replace("-", MINUS);
  const difference = value - against;
  return [text(value), text(against), `${difference > 0 ? "+" : ""}${text(difference)}`];
}
