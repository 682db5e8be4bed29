import { useEffect, useMemo, useRef } from "preact/hooks";
import { IconButton } from "../../../ui/controls.tsx";
import { countOf, formatCount } from "../../../ui/format.ts";
import type { ExperimentModel } from "../model.ts";
import { keepInside } from "./dialog.tsx";
import { type ChartSpec, titleOf } from "./specs.ts";
import { tableRows } from "./tableRows.ts";

/** Rows shown at once: a file has them all. */
const MOST_ROWS = 500;

/** What a chart draws, as a table, for those who read rather than look. */
export function DataDialog({ model }: { model: ExperimentModel }) {
  const { charts } = model;
  const id = charts.tabled.value;
  const spec = id === undefined ? undefined : charts.specOf(id);
  return spec === undefined ? null : <Data model={model} spec={spec} />;
}

function Data({ model, spec }: { model: ExperimentModel; spec: ChartSpec }) {
  const { charts } = model;
  const root = useRef<HTMLDivElement>(null);
  const { header, rows } = useMemo(() => tableRows(spec, charts), [spec.id]);
  const close = () => {
    charts.tabled.value = undefined;
    document.querySelector<HTMLElement>(`[data-chart="${CSS.escape(spec.id)}"] .plot`)?.focus();
  };
  useEffect(() => {
    root.current?.querySelector<HTMLElement>(".dataRows")?.focus();
  }, []);
  return (
    <div class="veil" onPointerDown={(event) => event.target === event.currentTarget && close()}>
      <div
        class="popup chartDialog dataDialog"
        role="dialog"
        aria-modal="true"
        aria-label={`Data of ${titleOf(spec)}`}
        ref={root}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            close();
          }
          if (event.key === "Tab") keepInside(event, root.current);
        }}
      >
        <div class="dialogHead">
          <h2 class="strong grow cut">{titleOf(spec)}</h2>
          <span class="dim num">
            {rows.length > MOST_ROWS
              ? `${formatCount(MOST_ROWS)} of ${countOf(rows.length, "row")}`
              : countOf(rows.length, "row")}
          </span>
          <IconButton icon="close" label="Close (Escape)" onClick={close} />
        </div>
        <div class="dataRows" tabIndex={0} role="region" aria-label="Rows">
          <table class="dataTable">
            <thead>
              <tr>
                {header.map((name, column) => (
                  <th scope="col" key={name} class={typeof rows[0]?.[column] === "number" ? "num" : ""}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, MOST_ROWS).map((row, i) => (
                <tr key={i}>
                  {row.map((value, column) => (
                    <td key={header[column]} class={typeof value === "number" ? "num" : ""}>
                      {value === null ? "" : String(value)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </div>
  );
}
