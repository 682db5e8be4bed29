import { useRef, useState } from "preact/hooks";
import type { RunOverview } from "../../../protocol/panels/run.ts";
import { Icon, IconButton, Slider, TextField } from "../../ui/controls.tsx";
import { messageOf } from "../../ui/errors.ts";
import { countOf, formatBytes, formatCount } from "../../ui/format.ts";
import { ArtifactViewer } from "../../ui/viewers/viewer.tsx";
import { type ArtifactRow, fileIcon } from "./artifacts.ts";
import { menuContext } from "./menuContext.ts";
import type { Props } from "./props.ts";

/** Artifacts: the tree, and beside it what is chosen in it. */
export function ArtifactsPart({ model, host, overview }: Props & { overview: RunOverview }) {
  const { artifacts } = model;
  const file = artifacts.file.value;
  const [first] = overview.models;
  const besides = first === undefined ? undefined : `${first.name}/MLmodel`;
  const modelFile = besides !== undefined && besides !== file?.path ? besides : undefined;
  return (
    <div class={`artifactsPart ${modelFile === undefined ? "" : "withModel"}`}>
      <Artifacts {...{ model, host }} />
      {file === undefined ? (
        // The room stays, so that a row does not move away under a double click.
        <p class="dim nothingShown">
          {(artifacts.tree.rows()?.length ?? 0) === 0
            ? ""
            : "Choose a file to see it here; a double click opens it in an editor."}
        </p>
      ) : (
        <section class="shown" role="group" aria-label={file.path}>
          <ViewerTitle model={model} path={file.path} />
          <div class="shownBody">
            <ArtifactViewer
              access={artifacts.access}
              path={file.path}
              size={file.size}
              version={artifacts.version.value}
              place={artifacts.place.peek()}
              keep={(place) => {
                artifacts.place.value = place;
              }}
            />
          </div>
          <Steps model={model} />
        </section>
      )}
      {modelFile === undefined ? null : (
        <section class="shown model" role="group" aria-label="MLmodel">
          <h2 class="artifactsTitle">
            <Icon name="package" />
            <span class="strong cut">{first?.name}</span>
            <span class="grow" />
            <IconButton
              icon="go-to-file"
              label="Open MLmodel in editor"
              onClick={() => artifacts.access.open(modelFile)}
            />
          </h2>
          <div class="shownBody">
            <ArtifactViewer
              access={artifacts.access}
              path={modelFile}
              size={undefined}
              version={artifacts.version.value}
              place={0}
              keep={() => undefined}
            />
          </div>
        </section>
      )}
    </div>
  );
}

function ViewerTitle({ model, path }: { model: Props["model"]; path: string }) {
  const { artifacts } = model;
  return (
    <h2 class="artifactsTitle" data-vscode-context={menuContext(model.subject, "artifact", path)}>
      <span class="cut" title={path}>
        {artifacts.tree.stepped(artifacts.open.value)?.key ?? path.split("/").at(-1)}
      </span>
      <span class="grow" />
      <IconButton icon="save-as" label="Save as…" onClick={() => artifacts.access.save(path)} />
      <IconButton icon="go-to-file" label="Open in editor" onClick={() => artifacts.access.open(path)} />
      <IconButton icon="close" label="Close" onClick={() => artifacts.show("")} />
    </h2>
  );
}

/** The step of an image that was logged at several. */
function Steps({ model }: { model: Props["model"] }) {
  const { frames, step, file } = model.artifacts;
  const all = frames.value;
  if (all === undefined || all.length < 2) return null;
  const at = Math.max(
    0,
    all.findIndex(({ path }) => path === file.value?.path),
  );
  const go = (to: number) => {
    const next = Math.min(all.length - 1, Math.max(0, to));
    // At the end it stays with the last one, whichever that will be.
    step.value = next === all.length - 1 ? -1 : (all[next]?.step ?? -1);
  };
  return (
    <div class="viewerBar steps">
      <IconButton icon="chevron-left" label="Previous step" onClick={() => go(at - 1)} />
      <Slider label="Step of the image" min={0} max={all.length - 1} step={1} value={at} onInput={go} />
      <IconButton icon="chevron-right" label="Next step" onClick={() => go(at + 1)} />
      <span class="num" aria-live="polite">
        step {formatCount(all[at]?.step ?? 0)}
      </span>
    </div>
  );
}

/** The artifact tree: arrows move, → ← unfold and fold, Enter shows, Ctrl Enter opens in an editor. */
function Artifacts({ model, host }: Props) {
  const { tree } = model.artifacts;
  const listed = tree.rows();
  const rows = listed ?? [];
  const failure = tree.failure.value;
  const search = tree.search.value;
  const [focus, setFocus] = useState(0);
  const root = useRef<HTMLDivElement>(null);
  if (listed === undefined && failure === undefined) return <section class="artifacts" aria-label="Artifacts" />;
  const act = ({ file }: ArtifactRow) => {
    if (file.is_dir) tree.toggle(file.path);
    else model.artifacts.show(file.path);
  };
  const openInEditor = ({ file, stepped }: ArtifactRow) => {
    const path = stepped?.frames.at(-1)?.path ?? file.path;
    if (!file.is_dir) model.attempt(host.openArtifact({ path }));
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
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) openInEditor(row);
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
      {listed !== undefined && (listed.length > 0 || search !== "") ? (
        <TextField
          label="Search artifacts"
          icon="search"
          placeholder="Search"
          class="low searchArtifacts"
          value={search}
          onInput={(text) => tree.find(text)}
          onEscape={() => tree.find("")}
          onClear={() => tree.find("")}
        />
      ) : null}
      {failure === undefined ? null : <p class="dim noArtifacts">{messageOf(failure)}</p>}
      {listed?.length === 0 && failure === undefined ? (
        <p class="dim noArtifacts">
          {search !== ""
            ? `No artifact has “${search}” in its path.`
            : model.running.value
              ? "No artifact is logged yet. Files appear here as the run logs them."
              : "This run logged no artifact."}
        </p>
      ) : null}
      <div role="tree" aria-label="Artifacts" class="treeRows" ref={root} onKeyDown={onKeyDown}>
        {rows.map((row, i) => (
          <TreeRow
            key={row.file.path}
            row={row}
            index={i}
            focused={i === Math.min(focus, rows.length - 1)}
            chosen={row.file.path === model.artifacts.open.value}
            model={model}
            host={host}
            onFocus={() => setFocus(i)}
            onClick={() => act(row)}
            onOpen={() => openInEditor(row)}
          />
        ))}
      </div>
    </section>
  );
}

interface RowProps extends Props {
  row: ArtifactRow;
  index: number;
  focused: boolean;
  /** It is shown beside the tree. */
  chosen: boolean;
  onFocus: () => void;
  onClick: () => void;
  onOpen: () => void;
}

function TreeRow({ row, index, focused, chosen, model, host, onFocus, onClick, onOpen }: RowProps) {
  const { file, depth, unfolded, stepped } = row;
  const uri = useRef("");
  // A drag cannot wait for an answer: where the file is, is asked when the pointer comes.
  const lookUp = () => {
    if (file.is_dir || uri.current !== "") return;
    model.attempt(
      host.artifactUri({ path: stepped?.frames.at(-1)?.path ?? file.path }).then((found) => (uri.current = found.uri)),
    );
  };
  const onDragStart = (event: DragEvent) => {
    event.dataTransfer?.setData("text/plain", file.path);
    if (uri.current === "") return;
    event.dataTransfer?.setData("text/uri-list", uri.current);
    event.dataTransfer?.setData("ResourceURLs", JSON.stringify([uri.current]));
  };
  return (
    <div
      class={`treeRow ${chosen ? "chosen" : ""}`}
      role="treeitem"
      aria-level={depth + 1}
      aria-expanded={file.is_dir ? unfolded : undefined}
      aria-selected={chosen}
      tabIndex={focused ? 0 : -1}
      data-row={index}
      data-vscode-context={menuContext(model.subject, "artifact", file.is_dir ? undefined : file.path)}
      title={file.path}
      style={{ paddingLeft: `${8 + depth * 8}px` }}
      draggable={!file.is_dir}
      onPointerEnter={lookUp}
      onDragStart={onDragStart}
      onFocus={onFocus}
      onClick={onClick}
      onDblClick={onOpen}
    >
      {Array.from({ length: depth }, (_, i) => (
        <span key={i} class="indent" style={{ left: `${16 + i * 8}px` }} />
      ))}
      <span class="twistie">{file.is_dir ? <Icon name={unfolded ? "chevron-down" : "chevron-right"} /> : null}</span>
      {row.loading ? (
        <Icon name="loading" class="status running" />
      ) : (
        <Icon name={stepped === undefined ? fileIcon(file, unfolded) : "file-media"} />
      )}
      <span class="cut">{row.name}</span>
      {stepped === undefined ? null : <span class="size num">{countOf(stepped.frames.length, "step")}</span>}
      {row.size === undefined ? null : <span class="size num">{formatBytes(row.size)}</span>}
    </div>
  );
}
