import { useRef, useState } from "preact/hooks";
import { Icon } from "../../ui/controls.tsx";
import { messageOf } from "../../ui/errors.ts";
import { formatBytes } from "../../ui/format.ts";
import { type ArtifactRow, fileIcon } from "./artifacts.ts";
import type { Props } from "./props.ts";

/** The artifact tree: arrows move, → ← unfold and fold, Enter opens. */
export function Artifacts({ model, host }: Props) {
  const tree = model.artifacts;
  const listed = tree.rows();
  const rows = listed ?? [];
  const failure = tree.failure.value;
  const [focus, setFocus] = useState(0);
  const root = useRef<HTMLDivElement>(null);
  if (listed === undefined && failure === undefined) return null;
  const act = ({ file }: ArtifactRow) => {
    if (file.is_dir) tree.toggle(file.path);
    else model.attempt(host.openArtifact({ path: file.path }));
  };
  const go = (index: number) => {
    const next = Math.min(rows.length - 1, Math.max(0, index));
    setFocus(next);
    root.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[focus];
    if (row === undefined) return;
    if (event.key === "ArrowDown") go(focus + 1);
    else if (event.key === "ArrowUp") go(focus - 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(rows.length - 1);
    else if (event.key === "Enter" || event.key === " ") act(row);
    else if (event.key === "ArrowRight" && row.file.is_dir && !row.unfolded) act(row);
    else if (event.key === "ArrowRight" && row.unfolded) go(focus + 1);
    else if (event.key === "ArrowLeft" && row.unfolded) act(row);
    else if (event.key === "ArrowLeft") go(rows.findLastIndex(({ depth }, i) => i < focus && depth < row.depth));
    else return;
    event.preventDefault();
  };
  const size = tree.size();
  return (
    <section class="artifacts" aria-label="Artifacts">
      <h2 class="artifactsTitle">
        <span class="strong">Artifacts</span>
        {size !== undefined && size > 0 ? <span class="dim num">{formatBytes(size)}</span> : null}
      </h2>
      {failure === undefined ? null : <p class="dim noArtifacts">{messageOf(failure)}</p>}
      {listed?.length === 0 && failure === undefined ? (
        <p class="dim noArtifacts">No artifact is logged yet. Files appear here as the run logs them.</p>
      ) : null}
      <div role="tree" aria-label="Artifacts" ref={root} onKeyDown={onKeyDown}>
        {rows.map((row, i) => (
          <div
            key={row.file.path}
            class="treeRow"
            role="treeitem"
            aria-level={row.depth + 1}
            aria-expanded={row.file.is_dir ? row.unfolded : undefined}
            tabIndex={i === Math.min(focus, rows.length - 1) ? 0 : -1}
            data-row={i}
            title={row.file.path}
            style={{ paddingLeft: `${8 + row.depth * 8}px` }}
            onFocus={() => setFocus(i)}
            onClick={() => act(row)}
          >
            {Array.from({ length: row.depth }, (_, depth) => (
              <span key={depth} class="indent" style={{ left: `${16 + depth * 8}px` }} />
            ))}
            <span class="twistie">
              {row.file.is_dir ? <Icon name={row.unfolded ? "chevron-down" : "chevron-right"} /> : null}
            </span>
            {row.loading ? (
              <Icon name="loading" class="status running" />
            ) : (
              <Icon name={fileIcon(row.file, row.unfolded)} />
            )}
            <span class="cut">{row.name}</span>
            {row.size === undefined ? null : <span class="size num">{formatBytes(row.size)}</span>}
          </div>
        ))}
      </div>
    </section>
  );
}
