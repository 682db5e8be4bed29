import { useSignal } from "@preact/signals";
import type { AnswerRemedy, ServerAnswer } from "../../../protocol/panels/predict.ts";
import { Icon, IconButton, LinkButton } from "../../ui/controls.tsx";
import { csvOf } from "../../ui/csv.ts";
import { countOf, formatDuration } from "../../ui/format.ts";
import { answerGrid, largestDifference } from "./answers.ts";
import type { Props } from "./props.ts";

/** Rows that are drawn before more are asked for. */
const FIRST = 50;

export function AnswerView(props: Props) {
  const { model } = props;
  const answers = model.answers.value;
  const [first] = answers;
  if (first === undefined) return null;
  const raw = model.raw.value;
  const isOld = model.slow.value;
  const good = answers.filter(({ table }) => table !== undefined);
  const rows = Math.max(0, ...good.map(({ table }) => table?.total ?? 0));
  return (
    <section class={`answer ${isOld ? "old" : ""}`} aria-label="Last answer" data-region data-at={first.at}>
      <div class="row answerTitle">
        <h2>{isOld ? "Answer before" : "Last answer"}</h2>
        <span class="dim num cut grow">
          {isOld ? "waiting for the new one · " : ""}
          {clockTime(first.at)}
          {good.length === 0 || isOld ? "" : ` · ${countOf(rows, "row")}`}
        </span>
        {["Table", "Raw"].map((name) => {
          const pressed = raw === (name === "Raw");
          return (
            <button
              key={name}
              type="button"
              class={`viewChoice ${pressed ? "strong" : "dim"}`}
              aria-pressed={pressed}
              onClick={() => model.change({ raw: name === "Raw" })}
            >
              {name}
            </button>
          );
        })}
        <IconButton icon="copy" label="Copy the answer" onClick={() => copyAnswer(props)} />
      </div>
      {answers.map((answer, i) =>
        answer.problem === undefined ? null : (
          <Failed key={answer.id} {...props} answer={answer} letter={answers.length > 1 ? "AB"[i] : undefined} />
        ),
      )}
      {raw ? answers.map((answer) => <Raw key={answer.id} {...props} answer={answer} />) : <Table {...props} />}
    </section>
  );
}

function clockTime(at: number): string {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}

function copyAnswer({ model, host }: Props): void {
  const answers = model.answers.peek();
  if (model.raw.peek()) return model.attempt(host.copy({ text: answers.map(({ raw }) => raw).join("\n") }));
  const { columns, rows } = answerGrid(answers);
  const lines = Array.from({ length: rows }, (_, row) => columns.map(({ cells }) => cellOf(cells[row] ?? null)));
  model.attempt(
    host.copy({
      text: csvOf(
        columns.map(({ title }) => title),
        lines,
      ),
    }),
  );
}

function cellOf(cell: string | number | boolean | null): string | number | null {
  return typeof cell === "boolean" ? String(cell) : cell;
}

function Failed({ model, host, answer, letter }: Props & { answer: ServerAnswer; letter: string | undefined }) {
  const { problem, id } = answer;
  if (problem === undefined) return null;
  const next = problem.next;
  return (
    <p class="problemLine" role="alert">
      <Icon name="error" class="failed" />
      <span class="grow">
        {letter === undefined ? "" : `${letter}: `}
        {problem.text}
      </span>
      {next === undefined ? null : (
        <LinkButton onClick={() => model.attempt(remedy({ model, host }, id, next))}>{next.title}</LinkButton>
      )}
    </p>
  );
}

async function remedy({ model, host }: Pick<Props, "model" | "host">, id: string, next: AnswerRemedy): Promise<void> {
  switch (next.action) {
    case "restart":
      return host.restart({ id });
    case "predictFile":
      return host.predictFile({ id });
    case "sendAgain":
      return model.send();
    default:
      return host.showLog({ id });
  }
}

function Raw({ model, host, answer }: Props & { answer: ServerAnswer }) {
  return (
    <>
      <pre class="raw" tabIndex={0} aria-label={`Raw answer of ${answer.title}`}>
        {answer.raw}
      </pre>
      {answer.cutFrom === undefined ? null : (
        <LinkButton onClick={() => model.attempt(host.openRaw({ id: answer.id }))}>Open the whole answer</LinkButton>
      )}
    </>
  );
}

function Table({ model }: Props) {
  const most = useSignal(FIRST);
  const answers = model.answers.value;
  const grid = answerGrid(answers);
  if (grid.rows === 0) return null;
  const marked = answers.length > 1 ? largestDifference(grid) : undefined;
  const [a, b] = answers;
  return (
    <>
      <div class="answerScroll" tabIndex={0} role="region" aria-label="Answer as a table">
        <table class="answerTable">
          <thead>
            <tr>
              <th scope="col">Row</th>
              {grid.columns.map(({ title, isNumber }, at) => (
                <th key={at} scope="col" class={isNumber ? "number" : ""}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: Math.min(grid.rows, most.value) }, (_, row) => (
              <tr key={row} class={row === model.row.value ? "current" : ""} onClick={() => model.change({ row })}>
                <th scope="row" class="num">
                  {row + 1}
                </th>
                {grid.columns.map(({ isNumber, texts, bars, of, cells }, at) => (
                  <td key={at} class={`${isNumber ? "number num" : ""} ${of === undefined ? "delta" : ""}`}>
                    {bars[row] === undefined ? null : (
                      <span class={`bar ${of === 0 ? "run1" : "run2"}`} aria-hidden="true">
                        <span class="barFill" style={{ width: `${Math.round(bars[row] * 100)}%` }} />
                      </span>
                    )}
                    <span
                      class={of === undefined && row === marked ? "strong" : cells[row] === "differs" ? "warnText" : ""}
                    >
                      {texts[row]}
                    </span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <Latency columns={grid.columns} a={a} b={b} />
          </tfoot>
        </table>
        {grid.rows > most.value ? (
          <LinkButton onClick={() => (most.value += 500)}>{`${grid.rows - most.value} more rows`}</LinkButton>
        ) : null}
      </div>
      {grid.leftOut === undefined ? null : (
        <p class="dim small leftOut">The table and its copy hold {grid.leftOut}; Raw has all.</p>
      )}
    </>
  );
}

function Latency({
  columns,
  a,
  b,
}: {
  columns: ReturnType<typeof answerGrid>["columns"];
  a: ServerAnswer | undefined;
  b: ServerAnswer | undefined;
}) {
  const told = new Set<string>();
  return (
    <tr class="latency">
      <th scope="row" class="dim">
        Latency
      </th>
      {columns.map(({ of }, at) => {
        const key = String(of);
        if (told.has(key)) return <td key={at} />;
        told.add(key);
        const answer = of === 0 ? a : b;
        if (of !== undefined) {
          return (
            <td key={at} class="number num">
              {answer === undefined ? "" : formatDuration(answer.ms)}
            </td>
          );
        }
        const by = Math.round((b?.ms ?? 0) - (a?.ms ?? 0));
        return (
          <td key={at} class={`number num ${by > 0 ? "worse" : by < 0 ? "better" : ""}`}>
            {by === 0 ? "0 ms" : `${by < 0 ? "−" : "+"}${formatDuration(Math.abs(by))}`}
          </td>
        );
      })}
    </tr>
  );
}
