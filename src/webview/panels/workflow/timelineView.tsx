import type { Bar, TimelineRow } from "./timeline.ts";
import { timelineOf } from "./timeline.ts";
import type { SeenProps } from "./props.ts";

/** When each step ran; retries split its bar. */
export function TimelineView({ model, overview }: SeenProps) {
  const now = overview.status === "RUNNING" ? model.now.value : model.now.peek();
  const { title, rows, ticks, now: nowAt, breaks } = timelineOf(overview, now);
  const shown = model.selected.value;
  return (
    <section class="timeline" aria-label="Timeline" data-region>
      <div class="timelineTitle row">
        <h2 class="strong">Timeline</h2>
        <span class="dim num">{title}</span>
      </div>
      <div class="timelineRows" tabIndex={0} role="group" aria-label="When each step ran">
        <ul>
          {rows.map((row) => (
            <Row key={row.id} row={row} isShown={row.id === shown} select={() => model.select(row.id)} />
          ))}
        </ul>
        <div class="tracks" aria-hidden="true">
          {ticks.map(({ at }) => (
            <i key={at} class="gridLine" style={{ left: percent(at) }} />
          ))}
          {breaks.map(({ at, text }) => (
            <i key={at} class="pauseLine" style={{ left: percent(at) }} title={text} />
          ))}
          {nowAt === undefined ? null : <i class="nowLine" style={{ left: percent(nowAt) }} />}
        </div>
      </div>
      <div class="timelineAxis num dim" aria-hidden="true">
        <div class="axisTrack">
          {ticks.map(({ at, text }) => (
            <span key={at} style={{ left: percent(at) }}>
              {text}
            </span>
          ))}
          {nowAt === undefined ? null : (
            <span class="nowText" style={{ left: percent(nowAt) }}>
              now
            </span>
          )}
        </div>
      </div>
    </section>
  );
}

interface RowProps {
  row: TimelineRow;
  isShown: boolean;
  select: () => void;
}

function Row({ row, isShown, select }: RowProps) {
  const { name, bars, text, end, isBlocked } = row;
  return (
    <li class={`timelineRow ${isShown ? "shown" : ""}`} onClick={select}>
      <span class={`cut rowName ${bars.length === 0 ? "dim" : ""}`} title={name}>
        {name}
      </span>
      <span class="track">
        {bars.map((bar, i) => (
          <i key={i} class={`bar ${bar.status}`} style={placeOf(bar)} />
        ))}
        {isBlocked ? <i class="bar blocked" style={{ left: `calc(${percent(end)} + 16px)` }} /> : null}
        <span class="rowText dim num" style={{ left: `calc(${percent(end)} + ${isBlocked ? 58 : 8}px)` }}>
          {text}
        </span>
      </span>
    </li>
  );
}

function placeOf({ from, to }: Bar) {
  return { left: percent(from), width: percent(Math.max(0, to - from)) };
}

function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100}%`;
}
