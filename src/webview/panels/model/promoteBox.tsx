import type { ComponentChildren } from "preact";
import type { VersionsBeside } from "../../../protocol/panels/model.ts";
import { Button, Icon, Select } from "../../ui/controls.tsx";
import { formatCount } from "../../ui/format.ts";
import type { ModelModel, Shown } from "./model.ts";
import type { SeenProps } from "./props.ts";
import { holderOf, targetOf } from "./targets.ts";
import { environmentBeside, metricsSentence, metricTexts, signatureBeside } from "./words.ts";

/** Metrics that are listed beside the table's own: what got worse first. */
const OTHERS = 3;

type Verdict = "good" | "bad" | "different" | "unknown";

const SIGNS: Record<Verdict, { icon: string; class: string; words: string }> = {
  good: { icon: "pass", class: "passed", words: "fine" },
  bad: { icon: "error", class: "failed", words: "worse" },
  different: { icon: "warning", class: "warn", words: "different" },
  unknown: { icon: "circle-large-outline", class: "dim", words: "not known" },
};

interface Line {
  name: string;
  code?: boolean;
  text: ComponentChildren;
  verdict: Verdict;
  title?: string;
}

/** What it would take the place of, and how the two differ, on screen before anything is changed. */
export function PromoteBox({ model, host, overview, shown }: SeenProps & { shown: Shown }) {
  const { version } = shown.details.row;
  const text = model.target.value;
  const target = targetOf(text);
  const holder = holderOf(overview, target);
  const beside = holder === undefined || shown.holder?.against.version !== holder ? undefined : shown.holder;
  const lines = beside === undefined ? [] : linesOf(model, beside);
  const isFine = holder === undefined || (beside !== undefined && lines.every(({ verdict }) => verdict !== "bad"));
  return (
    <section class="promote" aria-label={`Promote to ${text}`}>
      <div class="row promoteTitle">
        <Icon name="shield" />
        <h3>Promote to</h3>
        <Select
          label="Promote to"
          value={text}
          options={[...new Set([...model.targets.value, text])].map((one) => ({ value: one, label: one }))}
          onChange={(next) => {
            model.target.value = next;
          }}
        />
        <span class="grow" />
        <span class="dim cut">{holder === undefined || holder === version ? "" : `in place of ${holder}`}</span>
      </div>
      {lines.length === 0 ? null : (
        <ul class="promoteLines">
          {lines.map((line) => (
            <LineView key={line.name} {...line} />
          ))}
        </ul>
      )}
      <p class="promoteSentence">{sentenceOf(text, version, holder, beside)}</p>
      {holder === version ? null : (
        <div class="row">
          <Button
            primary={isFine && model.can("write")}
            disabled={model.can("write") ? undefined : "The store can only be read, so nothing is promoted in it."}
            onClick={() =>
              model.attempt(
                host.promote({ version, target, ...(beside === undefined ? {} : { seen: beside.against.version }) }),
              )
            }
          >
            {`Promote to ${text}${isFine ? "" : " Anyway"}…`}
          </Button>
        </div>
      )}
    </section>
  );
}

function LineView({ name, code, text, verdict, title }: Line) {
  const sign = SIGNS[verdict];
  return (
    <li class="row" title={title}>
      <Icon name={sign.icon} class={sign.class} />
      <span class="hidden">{sign.words}: </span>
      <span class={`cut ${code === true ? "mono" : ""}`}>{name}</span>
      <span class="grow" />
      <span class={`num promoteText ${verdict === "bad" ? "worse" : "dim"}`}>{text}</span>
    </li>
  );
}

function sentenceOf(
  target: string,
  version: string,
  holder: string | undefined,
  beside: VersionsBeside | undefined,
): string {
  const isAlias = target.startsWith("@");
  if (holder === undefined) return isAlias ? `No version has ${target} yet.` : `No version is in ${target} yet.`;
  if (holder === version) return isAlias ? `Version ${version} has it.` : `Version ${version} is in ${target}.`;
  return beside === undefined ? "" : metricsSentence(beside.differences.metrics, holder);
}

/** The table's metric, other metrics that both have, signature and environment. */
function linesOf(model: ModelModel, { differences, against }: VersionsBeside): Line[] {
  const shown = model.metric.value;
  const told = differences.metrics
    .map((row) => ({ row, texts: metricTexts(row) }))
    .filter(({ texts }) => texts.value !== undefined && texts.against !== undefined);
  const rank = ({ texts }: (typeof told)[number]) => (texts.better === false ? 0 : 1);
  const own = told.filter(({ row }) => row.key === shown);
  const others = told.filter(({ row }) => row.key !== shown).sort((a, b) => rank(a) - rank(b));
  const metrics = [...own, ...others.slice(0, OTHERS)].map(({ row, texts }): Line => {
    const verdict = texts.better === false ? "bad" : texts.difference === undefined ? "unknown" : "good";
    return { name: row.key, code: true, text: `${texts.against} → ${texts.value}`, verdict };
  });
  const signature = signatureBeside(differences.signature, against.version);
  const environment = environmentBeside(differences.environment, against.version);
  const hidden = others.length - OTHERS;
  const parts: Line[] = [];
  if (hidden > 0) parts.push({ name: "other metrics", text: `${formatCount(hidden)} more below`, verdict: "unknown" });
  if (signature !== undefined)
    parts.push({ name: "signature", text: signature.text, verdict: signature.same ? "good" : "different" });
  if (environment !== undefined) {
    const { text, same, title } = environment;
    parts.push({ name: "environment", text, verdict: same ? "good" : "different", title });
  }
  return [...metrics, ...parts];
}
