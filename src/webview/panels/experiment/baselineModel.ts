import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { ExperimentHost, ExperimentOverview } from "../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { RunField } from "../../../protocol/runs.ts";
import { filterByIds } from "../../../mlflow/filter/write.ts";
import { type RunPage, toPage } from "./page.ts";
import type { RowPlace } from "./runsWindow.ts";

interface Parts {
  host: Pick<Remote<ExperimentHost>, "runColumns" | "setBaseline">;
  overview: ReadonlySignal<ExperimentOverview | undefined>;
  fields: ReadonlySignal<RunField[]>;
  failed(error: unknown): void;
}

/** The run that the others are compared with, wherever it stands in the table. The workspace keeps it, for the Run panel too. */
export function baselineModel({ host, overview, fields, failed }: Parts) {
  /** What the person chose just now; null = none. */
  const chosen = signal<{ run_id: string | undefined; before: ExperimentOverview | undefined } | undefined>(undefined);
  const id = computed(() => {
    const mine = chosen.value;
    return mine !== undefined && mine.before === overview.value ? mine.run_id : overview.value?.baseline;
  });
  const page = signal<RunPage | undefined>(undefined);
  const changes = signal(0);
  const read = async (run_id: string, wanted: RunField[]) => {
    const found = await host.runColumns({
      ...{ filter: filterByIds([run_id]), fields: wanted, offset: 0, limit: 1 },
      run_view_type: "ALL",
    });
    // Another block of columns may be asked for meanwhile.
    if (id.peek() === run_id && fields.peek() === wanted) page.value = toPage(found, wanted);
  };
  return {
    id,
    /** Its row; undefined while it is not there, or is deleted for good. */
    place: computed((): RowPlace | undefined => {
      const columns = page.value;
      return columns === undefined || columns.run_ids[0] !== id.value ? undefined : { columns, at: 0 };
    }),
    toggle: (run_id: string) => {
      const next = id.peek() === run_id ? undefined : run_id;
      chosen.value = { run_id: next, before: overview.peek() };
      host.setBaseline(next === undefined ? {} : { run_id: next }).catch(failed);
    },
    changed: () => {
      changes.value++;
    },
    start: () =>
      effect(() => {
        if (id.value !== undefined && changes.value >= 0) read(id.value, fields.value).catch(failed);
      }),
  };
}
