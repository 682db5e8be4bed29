import type { MetricDifference, TextDifference } from "../../../mlflow/modelVersions.ts";
import type { VersionDetails, VersionsBeside } from "../../../protocol/panels/model.ts";
import { useState } from "preact/hooks";
import { LinkButton } from "../../ui/controls.tsx";
import { formatCount, formatValue, isOutside } from "../../ui/format.ts";
import { byMeaning } from "../../ui/metrics.ts";
import { deltaOf } from "../../ui/delta.tsx";
import { metricTexts, versionTitle } from "./words.ts";

export const SECTIONS = ["metrics", "params", "signature", "environment", "flavors"] as const;
export type BesideSection = (typeof SECTIONS)[number];

const WORDS: Record<BesideSection, string> = {
  metrics: "Metrics",
  params: "Params",
  signature: "Signature",
  environment: "Environment",
  flavors: "Flavors",
};

/** Rows of a section that are drawn at first. */
const FEW = 40;

interface Props {
  beside: VersionsBeside;
  sections: readonly BesideSection[];
  differencesOnly: boolean;
  /** Sections have titles of their own. */
  titles: boolean;
  /** The metric of the table stands first. */
  metric: string | undefined;
}

/** Two versions in columns, key by key. */
export function BesideTable({ beside, sections, differencesOnly, titles, metric }: Props) {
  const { version, against } = beside;
  return (
    <table class="besideTable">
      <thead>
        <tr>
          <th scope="col">
            <span class="hidden">Key</span>
          </th>
          <th scope="col" class="num">
            {versionTitle(version)}
          </th>
          <th scope="col" class="num">
            {versionTitle(against)}
          </th>
          <th scope="col" class="num">
            Δ
          </th>
        </tr>
      </thead>
      {sections.map((name) => (
        <Section key={name} {...{ name, beside, differencesOnly, titles, metric }} />
      ))}
    </table>
  );
}

/** Metrics and params of one version. */
export function AloneTable({ details, metric }: { details: VersionDetails; metric: string | undefined }) {
  const [isWhole, setWhole] = useState(false);
  const byKey = new Map(details.metrics.map(({ key, value }) => [key, value]));
  const metrics = sortedMetrics([...byKey.keys()], metric).map((key) => {
    const value = byKey.get(key) ?? Number.NaN;
    return { key, text: formatValue(value), stored: String(value), outside: isOutside(value) };
  });
  const params = details.params.map(({ key, value }) => ({ key, text: value, stored: value, outside: false }));
  const rows = [...metrics, ...params];
  const drawn = isWhole ? rows : rows.slice(0, FEW);
  return (
    <table class="besideTable alone">
      <tbody>
        {drawn.map(({ key, text, stored, outside }, at) => (
          <tr key={`${at} ${key}`}>
            <th scope="row" title={key}>
              <span class="cut">{key}</span>
            </th>
            <Value text={text} stored={stored} isOutside={outside} />
          </tr>
        ))}
        {drawn.length < rows.length ? (
          <tr>
            <td colSpan={2}>
              <LinkButton
                onClick={() => setWhole(true)}
              >{`Show ${formatCount(rows.length - drawn.length)} more`}</LinkButton>
            </td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

type SectionProps = Omit<Props, "sections"> & { name: BesideSection };

function Section({ name, beside, differencesOnly, titles, metric }: SectionProps) {
  const [isWhole, setWhole] = useState(false);
  const rows = rowsOf(name, beside, metric);
  const shown = differencesOnly ? rows.filter(({ differs }) => differs) : rows;
  const state = stateOf(name, beside);
  if (rows.length === 0 && state === undefined) return null;
  const differing = rows.filter(({ differs }) => differs).length;
  const drawn = isWhole ? shown : shown.slice(0, FEW);
  return (
    <tbody>
      {titles ? (
        <tr class="besideSection">
          <th scope="rowgroup" colSpan={4}>
            {WORDS[name]}
            <span class="dim">
              {" · "}
              {state ??
                `${formatCount(differing)} of ${formatCount(rows.length)} ${differing === 1 ? "differs" : "differ"}`}
            </span>
          </th>
        </tr>
      ) : null}
      {drawn.map((row) => (
        <tr key={row.key}>
          <th scope="row" title={row.key}>
            <span class="cut">{row.key}</span>
          </th>
          <Value text={row.value} stored={row.stored[0]} isOutside={row.outside[0]} />
          <Value text={row.against} stored={row.stored[1]} isOutside={row.outside[1]} recedes={!row.differs} />
          <td class="num">{deltaOf(row.delta, row.better, versionTitle(beside.against))}</td>
        </tr>
      ))}
      {drawn.length < shown.length ? (
        <tr>
          <td colSpan={4}>
            <LinkButton
              onClick={() => setWhole(true)}
            >{`Show ${formatCount(shown.length - drawn.length)} more`}</LinkButton>
          </td>
        </tr>
      ) : null}
    </tbody>
  );
}

interface ValueProps {
  text: string | undefined;
  stored: string | undefined;
  isOutside: boolean;
  recedes?: boolean;
}

function Value({ text, stored, isOutside: isOut, recedes = false }: ValueProps) {
  if (text === undefined) return <td class="num dim">not logged</td>;
  return (
    <td class={`num ${isOut ? "warnText" : recedes ? "dim" : ""}`} title={stored}>
      <span class="cut">{text === "" ? "“”" : text}</span>
    </td>
  );
}

interface Row {
  key: string;
  value: string | undefined;
  against: string | undefined;
  /** As they were logged, all digits. */
  stored: [string | undefined, string | undefined];
  outside: [boolean, boolean];
  delta: string | undefined;
  better: boolean | undefined;
  differs: boolean;
}

function rowsOf(name: BesideSection, { differences }: VersionsBeside, metric: string | undefined): Row[] {
  if (name === "metrics") {
    const byKey = new Map(differences.metrics.map((row) => [row.key, row]));
    return sortedMetrics([...byKey.keys()], metric).flatMap((key) => {
      const row = byKey.get(key);
      return row === undefined ? [] : [metricRow(row)];
    });
  }
  if (name === "signature") {
    return differences.signature.rows.map((row) => ({ ...textRow(row), key: `${row.part}: ${row.key}` }));
  }
  const rows = name === "environment" ? differences.environment.rows : differences[name];
  return rows.map(textRow);
}

/** The table's own first, then what is measured on held-out data. */
function sortedMetrics(keys: string[], first: string | undefined): string[] {
  const own = keys.filter((key) => key === first);
  const others = keys.filter((key) => key !== first);
  return [...own, ...byMeaning(others, new Set())];
}

/** What is so of a whole section; undefined: its rows tell. */
function stateOf(name: BesideSection, { differences }: VersionsBeside): string | undefined {
  const part = name === "signature" || name === "environment" ? differences[name] : undefined;
  if (part?.state === "unknown") return "the files of one of them cannot be read";
  if (part?.state === "absent") return "neither has one";
  const isMoved = part?.state === "differs" && part.rows.every(({ same }) => same);
  return isMoved ? "the columns stand in another order" : undefined;
}

function metricRow(row: MetricDifference): Row {
  const { value, against, difference, better } = metricTexts(row);
  const text = (one: number | undefined) => (one === undefined ? undefined : String(one));
  const isOut = (one: number | undefined) => one !== undefined && isOutside(one);
  return {
    key: row.key,
    ...{ value, against, better },
    stored: [text(row.value), text(row.against)],
    outside: [isOut(row.value), isOut(row.against)],
    delta: difference === "0" ? undefined : difference,
    differs: !Object.is(row.value, row.against),
  };
}

function textRow({ key, value, against, same }: TextDifference): Row {
  return {
    ...{ key, value, against },
    stored: [value, against],
    outside: [false, false],
    delta: undefined,
    better: undefined,
    differs: !same,
  };
}
