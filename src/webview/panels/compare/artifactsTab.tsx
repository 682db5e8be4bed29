import { useEffect, useMemo } from "preact/hooks";
import type { ComparedFile, ComparedRun } from "../../../protocol/panels/compare.ts";
import { Icon, LinkButton, Select } from "../../ui/controls.tsx";
import { messageOf } from "../../ui/errors.ts";
import { formatBytes, formatCount } from "../../ui/format.ts";
import { viewerOf } from "../../ui/viewers/kinds.ts";
import { pageVisible } from "../../ui/visible.ts";
import { ImageDiff } from "./imageDiff.tsx";
import { keyOf } from "./model.ts";
import { type ListedFiles, PairFiles } from "./pairFiles.ts";
import type { Props } from "./props.ts";

/** Files are listed again this often, in ms, while one of the runs goes on: they grow without a word to the store. */
const LISTED_EVERY = 2000;

/** Files of the baseline and of another run: images are laid over each other here, texts open in the native diff editor. */
export function ArtifactsTab({ model, host }: Props) {
  const [left, ...rest] = model.columns.value;
  const { other, file } = model.arrangement.value;
  const right = rest.find((run) => other !== undefined && keyOf(run) === keyOf(other)) ?? rest[0];
  const pair = `${left === undefined ? "" : keyOf(left)} ${right === undefined ? "" : keyOf(right)}`;
  const files = useMemo(
    () =>
      left === undefined || right === undefined
        ? undefined
        : new PairFiles(host, { left: shortKey(left), right: shortKey(right) }),
    [host, pair],
  );
  const version = model.version.value;
  useEffect(() => files?.refresh(), [files, version]);
  const running = [left, right].some((run) => run?.status === "RUNNING") && pageVisible.value;
  useEffect(() => {
    if (!running) return undefined;
    const looking = setInterval(() => {
      model.version.value += 1;
    }, LISTED_EVERY);
    return () => clearInterval(looking);
  }, [model, running]);
  if (left === undefined || right === undefined || files === undefined)
    return <p class="emptyChart dim small">Two runs have files to compare. Add another run.</p>;
  const { listed, failure } = files;
  const shown = listed.value?.files.find(({ path }) => path === file);
  const open = (one: ComparedFile) => {
    if (viewerOf(one.path) === "image" && one.in[0] && one.in[1]) model.change({ file: one.path });
    else model.attempt(host.diffFile({ left: shortKey(left), right: shortKey(right), path: one.path }));
  };
  return (
    <div class="artifactsTab">
      <div class="fieldLists">
        <span class="cut">{left.run_name}</span>
        <span class="dim">with</span>
        <Select
          label="Run whose files stand beside those of the baseline"
          value={keyOf(right)}
          options={rest.map((run) => ({ value: keyOf(run), label: run.run_name }))}
          onChange={(value) => {
            const chosen = rest.find((run) => keyOf(run) === value);
            if (chosen !== undefined) model.change({ other: shortKey(chosen) });
          }}
        />
      </div>
      {failure.value === undefined ? null : (
        <p class="emptyChart">
          {messageOf(failure.value)} <LinkButton onClick={model.retry}>Retry</LinkButton>
        </p>
      )}
      <FileList listed={listed.value} file={file} left={left} right={right} open={open} />
      {shown === undefined ? null : (
        <ImageDiff key={`${pair} ${shown.path}`} {...{ model, host, left, right, path: shown.path, version }} />
      )}
    </div>
  );
}

function shortKey({ uri, run_id }: ComparedRun) {
  return { uri, run_id };
}

interface ListProps {
  listed: ListedFiles | undefined;
  file: string;
  left: ComparedRun;
  right: ComparedRun;
  open: (file: ComparedFile) => void;
}

function FileList({ listed, file, left, right, open }: ListProps) {
  if (listed === undefined) return null;
  if (listed.files.length === 0) return <p class="emptyChart dim small">Neither run has logged an artifact.</p>;
  return (
    <ul class="fileList" aria-label="Files of both runs">
      {listed.files.map((one) => {
        const isImage = viewerOf(one.path) === "image";
        const [inLeft, inRight] = one.in;
        const [before, after] = one.size;
        const where = inLeft && inRight ? "" : `only in ${inLeft ? left.run_name : right.run_name}`;
        const sizes = [before, after].map((size) => (size === null ? "" : formatBytes(size)));
        const size = sizes[0] === sizes[1] ? sizes[0] : sizes.filter((text) => text !== "").join(" → ");
        return (
          <li key={one.path}>
            <button
              type="button"
              class={`fileRow ${one.path === file ? "chosen" : ""}`}
              title={
                isImage && where === "" ? `Lay ${one.path} over each other` : `Open ${one.path} in the diff editor`
              }
              onClick={() => open(one)}
            >
              <Icon name={isImage ? "file-media" : "file"} />
              <span class="cut">{one.path}</span>
              <span class="grow" />
              <span class="dim num">{where === "" ? size : where}</span>
            </button>
          </li>
        );
      })}
      {listed.more ? <li class="dim small">The first {formatCount(listed.files.length)} files</li> : null}
    </ul>
  );
}
