import type { ExperimentHost, TableAction } from "../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { ExperimentModel } from "./model.ts";
import type { Meant } from "./selection.ts";

/** Does what a command, a key or a menu asks of the table; `row` is the one that has the focus, -1 for none. Of a menu, `meant` is what it was opened for. */
export function tableActions(
  model: ExperimentModel,
  host: Remote<ExperimentHost>,
): (action: TableAction, row: number, meant?: Meant) => void {
  const { arranged, columns, selected, attempt } = model;
  const exported = () => {
    const {
      nested: _nested,
      group_by: _by,
      folded_groups: _groups,
      unfolded: _u,
      folded: _f,
      ...rows
    } = model.rowsQuery.peek();
    return rows;
  };
  const deleteRuns = async (query: { run_ids: string[] }) => selected.drop((await host.deleteRuns(query)).run_ids);
  return (action, row, { id, ids } = model.meant(row)) => {
    const withIds = (then: (ids: string[]) => void) => {
      if (ids.length > 0) then(ids);
      // A command, which has no row of its own.
      else if (row === -1)
        model.problem.value = new Error("No run is checked. Check some with Space, then choose it again.");
    };
    const idsOf = (ask: (query: { run_ids: string[] }) => Promise<unknown>) =>
      withIds((run_ids) => attempt(ask({ run_ids })));
    switch (action) {
      case "filter":
        return document.querySelector<HTMLElement>("[data-filter]")?.focus();
      case "clearFilter":
        return model.applyFilter("");
      case "chooseColumns":
        model.choosing.value = true;
        return;
      case "onlyVarying":
        columns.onlyVarying.value = !columns.onlyVarying.peek();
        return;
      case "groupBy":
        return document.querySelector<HTMLElement>("[data-group]")?.click();
      case "nest":
        arranged.nested.value = !arranged.nested.peek();
        return;
      case "showDeleted":
        arranged.deleted.value = !arranged.deleted.peek();
        return;
      case "showHidden":
        return arranged.showAll();
      case "checkAll":
        return attempt(selected.checkAll());
      case "uncheckAll":
        return selected.clear();
      case "renameRuns":
        return idsOf(host.renameRuns);
      case "tagRuns":
        return idsOf(host.tagRuns);
      case "deleteRuns":
        return idsOf(deleteRuns);
      case "restoreRuns":
        return idsOf(host.restoreRuns);
      case "copyIds":
        return withIds((ids) => attempt(host.copy({ text: ids.join("\n") })));
      case "compare": {
        // What is checked is compared, in whichever row the focus is.
        const checked = [...model.checked.peek()];
        return checked.length > 1 ? attempt(host.compareRuns({ run_ids: checked })) : idsOf(host.compareRuns);
      }
      case "pin":
        return withIds(arranged.togglePinned);
      case "hide":
        return withIds(arranged.hide);
      case "star":
        return withIds(arranged.toggleStarred);
      case "draw":
        return withIds((ids) => ids.forEach(model.toggleDrawn));
      case "baseline":
        return withIds(([first = ""]) => model.baseline.toggle(id || first));
      case "saveView":
        return attempt(model.views.save(false));
      case "saveViewToRepository":
        return attempt(model.views.save(true));
      case "openView":
        return document.querySelector<HTMLElement>("[data-views]")?.click();
      case "exportCsv":
        return attempt(host.exportRuns({ rows: exported(), format: "csv" }));
      case "exportJson":
        return attempt(host.exportRuns({ rows: exported(), format: "json" }));
      case "copySearchRuns":
        return attempt(
          host.copyCode({ rows: model.rowsQuery.peek(), fields: columns.fields.peek(), as: "searchRuns" }),
        );
      case "copyPandas":
        return attempt(host.copyCode({ rows: model.rowsQuery.peek(), fields: columns.fields.peek(), as: "pandas" }));
      case "showKeys":
        model.explaining.value = true;
        return;
      default:
        return action satisfies never;
    }
  };
}
