import { Dot, Icon, StatusIcon } from "../../ui/controls.tsx";
import { formatCount } from "../../ui/format.ts";
import { groupWords } from "./groups.ts";
import type { ExperimentModel } from "./model.ts";
import type { RowActions } from "./rowActions.ts";

interface NameProps {
  model: ExperimentModel;
  row: number;
  /** Rises when rows arrive: the name is drawn again. */
  version: number;
  actions: RowActions;
}

/** Checkbox, dot, name and status of a run; or what the runs of a group have in common. */
export function RowName(props: NameProps) {
  const group = props.model.groupAt(props.row);
  return group === undefined ? <RunName {...props} /> : <GroupName {...props} />;
}

function Fold({ model, row, name }: { model: ExperimentModel; row: number; name: string }) {
  const { expanded } = model.levelOf(row);
  if (expanded === undefined) return null;
  return (
    <span
      class="fold"
      role="button"
      aria-label={`${expanded ? "Fold" : "Unfold"} ${name}`}
      onClick={(event) => {
        event.stopPropagation();
        model.fold(row);
      }}
      onDblClick={(event) => event.stopPropagation()}
    >
      <Icon name={expanded ? "chevron-down" : "chevron-right"} />
    </span>
  );
}

function GroupName({ model, row }: NameProps) {
  const group = model.groupAt(row);
  if (group === undefined) return null;
  const words = groupWords(model.arranged.groupBy.value, group);
  const name = words.map(({ key, value }) => `${key} ${value}`).join(", ");
  return (
    <div class="nameCell">
      <Check model={model} row={row} name={`runs of ${name}`} checked={undefined} />
      <Fold model={model} row={row} name={name} />
      <span class="label cut" title={name}>
        {words.map(({ key, value }) => (
          <span key={key}>
            <span class="dim">{key}</span> <span class="strong">{value}</span>{" "}
          </span>
        ))}
      </span>
      <span class="badge num" title={`${formatCount(group.runs)} runs`}>
        {formatCount(group.runs)}
      </span>
      {group.running > 0 ? <span class="dim small num">{formatCount(group.running)} running</span> : null}
    </div>
  );
}

/** `checked` undefined: of a group, whose runs may be checked in part. */
function Check({
  model,
  row,
  name,
  checked,
}: {
  model: ExperimentModel;
  row: number;
  name: string;
  checked: boolean | undefined;
}) {
  return (
    <span
      class="check"
      role="checkbox"
      aria-checked={checked ?? false}
      aria-label={`Check ${name}`}
      onMouseDown={(event) => event.shiftKey || event.stopPropagation()}
      onClick={(event) => {
        if (event.shiftKey) return;
        if (checked === undefined) model.attempt(model.selected.checkGroup(row));
        else model.selected.check(row);
      }}
      onDblClick={(event) => event.stopPropagation()}
    >
      {checked === true ? <Icon name="check" /> : null}
    </span>
  );
}

function RunName({ model, row, actions }: NameProps) {
  const place = model.placeAt(row);
  const id = place?.columns.run_ids[place.at];
  if (place === undefined || id === undefined) return null;
  const { columns, at } = place;
  const name = columns.run_names[at] ?? id;
  const checked = model.checked.value.has(id);
  const drawn = model.drawnSet.value.has(id);
  const status = columns.statuses[at];
  const stuck = columns.stuck?.includes(id) === true;
  const children = columns.children[at] ?? 0;
  const running = columns.children_running[at] ?? 0;
  const isBaseline = model.baseline.id.value === id;
  const pinned = model.arranged.pinned.value.includes(id);
  return (
    <div class="nameCell">
      <Check model={model} row={row} name={name} checked={checked} />
      <Indent depth={columns.depths[at] ?? 0} />
      <Fold model={model} row={row} name={name} />
      <span
        class="dotButton"
        role="button"
        aria-pressed={drawn}
        aria-label={`Draw ${name}`}
        title={drawn ? "Drawn in the charts (V)" : "Not drawn in the charts (V)"}
        onClick={() => model.toggleDrawn(id)}
        onDblClick={(event) => event.stopPropagation()}
      >
        <Dot ordinal={columns.ordinals[at] ?? 0} filled={drawn} />
      </span>
      <span class="label cut" title={`${name}\n${id}`}>
        {name}
      </span>
      {model.arranged.starred.value.has(id) ? <Mark icon="star-full" words="Starred" /> : null}
      {isBaseline ? <Mark icon="pinned" words="Baseline: the others are compared with it" /> : null}
      {pinned && !isBaseline ? <Mark icon="pin" words="Pinned" /> : null}
      {status === undefined ? null : <StatusIcon status={status} stuck={stuck} />}
      {stuck ? <span class="warnText small">no process</span> : null}
      {running > 0 ? (
        <span class="dim small num">
          {children - running} of {children}
        </span>
      ) : null}
      {columns.lifecycle_stages[at] === "deleted" ? <span class="dim small">deleted</span> : null}
      <span class="rowActions">
        <Action icon="go-to-file" label={`Open ${name}`} title="Open run (Enter)" onClick={() => actions.open(row)} />
        <Action
          icon={pinned ? "pinned" : "pin"}
          label={`${pinned ? "Unpin" : "Pin"} ${name}`}
          title={pinned ? "Unpin (P)" : "Pin to the top (P)"}
          onClick={() => model.arranged.togglePinned([id])}
        />
        <Action
          icon="ellipsis"
          label={`More of ${name}`}
          title="More (Shift F10)"
          onClick={(event) => actions.menu(row, { x: event.clientX, y: event.clientY })}
        />
      </span>
    </div>
  );
}

/** Children stand further in. */
function Indent({ depth }: { depth: number }) {
  return depth === 0 ? null : <span style={{ width: `${Math.min(depth, 12) * 16}px`, flex: "none" }} />;
}

function Mark({ icon, words }: { icon: string; words: string }) {
  return <i class={`codicon codicon-${icon} mark`} role="img" aria-label={words} title={words} />;
}

function Action({
  icon,
  label,
  title,
  onClick,
}: {
  icon: string;
  label: string;
  title: string;
  onClick: (event: MouseEvent) => void;
}) {
  return (
    <button
      type="button"
      tabIndex={-1}
      title={title}
      aria-label={label}
      onClick={onClick}
      onDblClick={(event) => event.stopPropagation()}
    >
      <Icon name={icon} />
    </button>
  );
}
