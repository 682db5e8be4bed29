import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { ComparedRun } from "../../../protocol/panels/compare.ts";
import { Dot, Icon, StatusIcon } from "../../ui/controls.tsx";
import { deltaOf } from "../../ui/delta.tsx";
import { cutMiddle } from "../../ui/format.ts";
import type { Cell, Row } from "./differences.ts";
import { type Line, linesOf, moved, type Place } from "./gridNavigation.ts";
import { runMenu } from "./header.tsx";
import { keyOf } from "./model.ts";
import type { Props } from "./props.ts";

/** Px. */
const ROW = 22;
const HEAD = 24;
const KEY = 148;
const LEAST = 104;
const MOST = 200;
/** Lines whose values are looked at for the width of the columns. */
const MEASURED = 100;
/** Of a digit, as wide as the widest usual font has it. */
const LETTER = 7;
const SPARE = 6;
/** Letters' room of the sign of better and worse. */
const SIGN = 2;

interface Room {
  top: number;
  left: number;
  width: number;
  height: number;
}

/** What is drawn: the first and the last column beside the baseline, and their width. */
interface Columns {
  runs: ComparedRun[];
  width: number;
  from: number;
  to: number;
}

/** Params, metrics, environment and tags of the runs: a column each, the baseline first. Only what is on screen is drawn. */
export function DifferencesTable({ model, host }: Props) {
  const grid = useRef<HTMLDivElement>(null);
  const room = useSignal<Room>({ top: 0, left: 0, width: 600, height: 400 });
  const place = useSignal<Place>({ line: 0, column: 0 });
  const lines = linesOf(model.sections.value, model.arrangement.value.folded);
  const runs = model.columns.value;
  const { top, left, width, height } = room.value;
  const own = Math.max(leastWidth(lines), Math.floor((width - KEY) / Math.max(1, runs.length)));
  const beside = Math.max(0, left);
  const columns: Columns = {
    runs,
    width: own,
    from: Math.max(1, 1 + Math.floor(beside / own) - 1),
    to: Math.min(runs.length, 1 + Math.ceil((beside + width - KEY) / own) + 1),
  };
  const from = Math.max(0, Math.floor(top / ROW) - SPARE);
  const to = Math.min(lines.length, Math.ceil((top + height) / ROW) + SPARE);

  const look = () => {
    const box = grid.current;
    if (box === null) return;
    room.value = { top: box.scrollTop, left: box.scrollLeft, width: box.clientWidth, height: box.clientHeight };
  };
  useEffect(() => {
    const box = grid.current;
    if (box === null) return undefined;
    const observer = new ResizeObserver(look);
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  const known = lines.length > 0;
  useLayoutEffect(() => {
    const { scroll } = model.arrangement.peek();
    if (known) grid.current?.scrollTo(scroll.left, scroll.top);
    look();
  }, [known]);
  const onScroll = () => {
    look();
    const { top: y, left: x } = room.peek();
    model.change({ scroll: { top: Math.round(y), left: Math.round(x) } });
  };

  const at = { line: Math.min(place.value.line, lines.length - 1), column: Math.min(place.value.column, runs.length) };
  const show = (next: Place) => {
    place.value = next;
    const box = grid.current;
    if (box === null || next.line < 0) return;
    const y = next.line * ROW;
    if (y < box.scrollTop) box.scrollTop = y;
    else if (y + ROW + HEAD > box.scrollTop + box.clientHeight) box.scrollTop = y + ROW + HEAD - box.clientHeight;
    if (next.column < 2) return;
    const x = (next.column - 2) * own;
    const seen = box.clientWidth - KEY - own;
    if (x < box.scrollLeft) box.scrollLeft = x;
    else if (x + own > box.scrollLeft + seen) box.scrollLeft = x + own - seen;
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const facts = { lines: lines.length, columns: runs.length + 1, page: Math.max(1, Math.floor(height / ROW) - 2) };
    const line = lines[at.line];
    const run = at.column === 0 ? undefined : runs[at.column - 1];
    const isSection = line?.kind === "section";
    const fold = isSection && (event.key === "Enter" || event.key === (line.folded ? "ArrowRight" : "ArrowLeft"));
    const next = fold ? undefined : moved(event, at, facts);
    if (fold) model.fold(line.section.name);
    else if (next !== undefined) show(next);
    else if (event.key === "Enter" && run !== undefined)
      model.attempt(host.openRun({ uri: run.uri, run_id: run.run_id }));
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c") copyCell(line, at.column);
    else if (event.ctrlKey || event.metaKey || event.altKey || run === undefined) return;
    else if (event.key === "b") model.setBaseline(run);
    else if (event.key === "Delete") model.remove([run]);
    else if (event.key === "F10" && event.shiftKey) {
      const head = document.getElementById(idOf({ line: -1, column: at.column }));
      if (head !== null) runMenu(head, run, { model, host });
    } else return;
    event.preventDefault();
  };
  const copyCell = (line: Line | undefined, column: number) => {
    if (line?.kind !== "row") return;
    const stored = column === 0 ? line.row.key : line.row.cells[column - 1]?.stored;
    if (stored !== null && stored !== undefined) model.attempt(host.copy({ text: String(stored) }));
  };
  const full = KEY + own * runs.length;
  return (
    <div
      class="differences"
      role="treegrid"
      aria-label="Differences of the runs; arrows move, Enter folds a section or opens a run, B makes a run the baseline, Delete takes it out"
      aria-rowcount={lines.length + 1}
      aria-colcount={runs.length + 1}
      aria-activedescendant={idOf(at)}
      tabIndex={0}
      ref={grid}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      <div class="dHead" role="row" aria-rowindex={1} style={{ width: `${full}px` }}>
        <span class="dKey" role="columnheader" aria-colindex={1} id={idOf({ line: -1, column: 0 })}>
          <span class="hidden">Key</span>
        </span>
        <RowCells columns={columns} draw={(i) => <HeadCell key={i} {...{ model, host, columns, i, at }} />} />
      </div>
      <div class="dBody" role="rowgroup" style={{ height: `${lines.length * ROW}px`, width: `${full}px` }}>
        {lines.slice(from, to).map((line, i) => {
          const index = from + i;
          const style = { top: `${index * ROW}px`, width: `${full}px` };
          if (line.kind === "section") {
            const { name, title, rows } = line.section;
            return (
              <div
                key={name}
                class="dSection"
                role="row"
                aria-level={1}
                aria-expanded={!line.folded}
                aria-rowindex={index + 2}
                style={style}
                onClick={() => {
                  place.value = { line: index, column: 0 };
                  model.fold(name);
                }}
              >
                <span
                  class={`dTitle strong ${at.line === index ? "at" : ""}`}
                  role="rowheader"
                  aria-colindex={1}
                  aria-colspan={runs.length + 1}
                  id={idOf({ line: index, column: at.line === index ? at.column : 0 })}
                >
                  <Icon name={line.folded ? "chevron-right" : "chevron-down"} class="tiny" />
                  {title}
                  {rows.length === 0 && !line.folded ? <span class="dim plainText"> · nothing differs</span> : null}
                </span>
              </div>
            );
          }
          const { row } = line;
          return (
            <div
              key={`${row.section} ${row.key}`}
              class={`dRow ${at.line === index ? "atRow" : ""}`}
              role="row"
              aria-level={2}
              aria-rowindex={index + 2}
              style={style}
            >
              <span
                class={`dKey dim ${isAt(at, index, 0)}`}
                role="rowheader"
                aria-colindex={1}
                title={row.key}
                id={idOf({ line: index, column: 0 })}
                onClick={() => show({ line: index, column: 0 })}
              >
                <span class="cut">{row.key}</span>
              </span>
              <RowCells
                columns={columns}
                draw={(i2) => (
                  <ValueCell
                    key={i2}
                    row={row}
                    cell={row.cells[i2]}
                    column={i2 + 1}
                    width={own}
                    id={idOf({ line: index, column: i2 + 1 })}
                    at={isAt(at, index, i2 + 1)}
                    onClick={() => show({ line: index, column: i2 + 1 })}
                  />
                )}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Px that the longest metric with its difference takes; texts are cut instead. */
function leastWidth(lines: readonly Line[]): number {
  let letters = 0;
  for (const line of lines.slice(0, MEASURED)) {
    if (line.kind !== "row" || line.row.section !== "metrics") continue;
    for (const { text, delta } of line.row.cells)
      letters = Math.max(letters, (text?.length ?? 10) + Math.max(8, (delta?.text.length ?? 0) + SIGN));
  }
  return Math.max(LEAST, Math.min(MOST, Math.ceil(letters * LETTER) + 24));
}

function idOf({ line, column }: Place): string {
  return `cell-${line}-${column}`;
}

function isAt(at: Place, line: number, column: number): string {
  return at.line === line && at.column === column ? "at" : "";
}

/** The baseline's cell, which stays, and those of the other runs that are on screen. */
function RowCells({ columns, draw }: { columns: Columns; draw: (i: number) => preact.ComponentChildren }) {
  const { runs, from, to, width } = columns;
  const shown = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  return (
    <>
      {runs.length === 0 ? null : draw(0)}
      <span class="dGap" role="presentation" style={{ width: `${Math.max(0, from - 1) * width}px` }} />
      {shown.map(draw)}
    </>
  );
}

function HeadCell({ model, host, columns, i, at }: Props & { columns: Columns; i: number; at: Place }) {
  const run = columns.runs[i];
  if (run === undefined) return null;
  const key = keyOf(run);
  const letters = Math.max(8, Math.floor((columns.width - 34) / 6.6));
  return (
    <span
      class={`dCell dName ${i === 0 ? "base" : ""} ${isAt(at, -1, i + 1)} ${model.hovered.value === key ? "pointed" : ""}`}
      role="columnheader"
      aria-colindex={i + 2}
      id={idOf({ line: -1, column: i + 1 })}
      style={{ width: `${columns.width}px`, ...(i === 0 ? { left: `${KEY}px` } : {}) }}
      title={`${run.run_name} · ${run.run_id}`}
      onPointerEnter={() => {
        model.hovered.value = key;
      }}
      onPointerLeave={() => {
        model.hovered.value = undefined;
      }}
      onClick={(event) => runMenu(event.currentTarget, run, { model, host })}
    >
      <Dot ordinal={run.ordinal} size={8} />
      <span class={run.lifecycle_stage === "deleted" ? "gone" : ""}>{cutMiddle(run.run_name, letters)}</span>
      <StatusIcon status={run.status} />
      {i === 0 ? <span class="hidden">, baseline</span> : null}
    </span>
  );
}

interface CellProps {
  row: Row;
  cell: Cell | undefined;
  column: number;
  width: number;
  id: string;
  at: string;
  onClick: () => void;
}

function ValueCell({ row, cell, column, width, id, at, onClick }: CellProps) {
  const { text = null, same = false, best = false, outside = false, delta } = cell ?? {};
  const isCode = row.section === "source" && row.key === "git commit";
  const looks = [same ? "same" : "", best ? "strong" : "", outside ? "warnText" : "", isCode ? "mono" : ""].join(" ");
  return (
    <span
      class={`dCell num ${column === 1 ? "base" : ""} ${at}`}
      role="gridcell"
      aria-colindex={column + 1}
      id={id}
      style={{ width: `${width}px`, ...(column === 1 ? { left: `${KEY}px` } : {}) }}
      title={cell?.stored === null || cell === undefined ? undefined : String(cell.stored)}
      onClick={onClick}
    >
      {text === null ? (
        <span class="dim">not logged</span>
      ) : (
        <span class={`${row.section === "metrics" ? "value" : "cut"} ${looks}`}>{text === "" ? "“”" : text}</span>
      )}
      {best ? <span class="hidden">, best</span> : null}
      {same ? <span class="hidden">, as the baseline</span> : null}
      {deltaOf(delta?.text, delta?.better, "the baseline")}
    </span>
  );
}
