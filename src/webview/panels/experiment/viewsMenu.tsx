import type { SavedTable } from "../../../protocol/panels/experiment.ts";
import { Icon } from "../../ui/controls.tsx";
import { below, type MenuEntry } from "../../ui/menu.tsx";
import type { ExperimentModel } from "./model.ts";

/** The saved view that the table is in, and a list of all. */
export function ViewsMenu({ model }: { model: ExperimentModel }) {
  const { views } = model;
  const current = views.current.value;
  const name = current?.name ?? (views.isDefault.value ? "Default" : "Changed");
  return (
    <>
      <span class="dim">View</span>
      <button
        type="button"
        class="ghost viewName"
        title="Saved views"
        aria-label={`Saved views: ${name}`}
        aria-haspopup="menu"
        data-views
        onClick={(event) => {
          model.menu.value = {
            ...{ label: "Saved views", entries: entriesOf(model), back: event.currentTarget },
            ...below(event.currentTarget),
          };
        }}
      >
        <span class="cut">{name}</span>
        <Icon name="chevron-down" />
      </button>
    </>
  );
}

function entriesOf(model: ExperimentModel): MenuEntry[] {
  const { views, attempt } = model;
  const { tables } = views.kept.peek();
  const current = views.current.peek();
  const entry = (view: SavedTable): MenuEntry => ({
    ...{ label: view.shared === true ? `${view.name} (repository)` : view.name, radio: true },
    checked: view === current,
    onClick: () => views.open(view),
  });
  return [
    { label: "Default", checked: views.isDefault.peek(), radio: true, onClick: () => views.open(undefined) },
    ...tables.map(entry),
    "separator",
    { label: "Save View As…", icon: "save", onClick: () => attempt(views.save(false)) },
    { label: "Save View to Repository…", icon: "repo", onClick: () => attempt(views.save(true)) },
    ...(current === undefined
      ? []
      : [{ label: `Remove ${current.name}`, icon: "trash", onClick: () => attempt(views.remove(current)) }]),
  ];
}
