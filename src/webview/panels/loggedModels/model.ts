import { computed, effect, signal } from "@preact/signals";
import { parseFilter } from "../../../mlflow/filter/parse.ts";
import type { ModelEnvironment } from "../../../mlflow/modelFile.ts";
import type {
  LoggedModelDetails,
  LoggedModelRow,
  LoggedModelsHost,
  LoggedModelsOverview,
  LoggedModelsSubject,
  LoggedModelsView,
} from "../../../protocol/panels/loggedModels.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import { attempts } from "../../ui/attempts.ts";
import { Clock, type ClockParts } from "../../ui/clock.ts";
import { isFilterError, isGone, messageOf } from "../../ui/errors.ts";
import { inTurn } from "../../ui/inTurn.ts";
import { later } from "../../ui/later.ts";
import { metricColumns } from "./columns.ts";
import type { LoggedModelsArrangement } from "./savedView.ts";

/** Several changes within this many ms are one. */
const COALESCE = 200;
/** ms after the last key until a filter that may be meant is used. */
const TYPING = 400;

export type LoggedModelsModel = ReturnType<typeof loggedModelsModel>;

/** Everything the Logged Models panel knows and decides; `view.tsx` draws it. */
export function loggedModelsModel(
  host: Remote<LoggedModelsHost>,
  subject: LoggedModelsSubject,
  saved: LoggedModelsArrangement,
  time: ClockParts,
) {
  const overview = signal<LoggedModelsOverview | undefined>(undefined);
  const rows = signal<LoggedModelRow[] | undefined>(undefined);
  const nextPage = signal<string | undefined>(undefined);
  const loadingMore = signal(false);
  const failure = signal<unknown>(undefined);
  const { problem, attempt } = attempts();
  const freshAt = signal<number | undefined>(undefined);
  /** As typed, and as it is used. */
  const typed = signal(saved.filter);
  const filter = signal(saved.filter);
  const filterProblem = signal<string | undefined>(undefined);
  const order = signal({ field_name: saved.order, ascending: saved.ascending });
  const wanted = subject.model_id ?? "";
  const openedFor = signal(saved.openedFor);
  const isNew = wanted !== "" && saved.openedFor !== wanted;
  const chosen = signal(isNew ? wanted : saved.selected);
  const details = signal<LoggedModelDetails | undefined>(undefined);
  const detailsFailure = signal<unknown>(undefined);
  const environment = signal<{ model_id: string; told: ModelEnvironment } | undefined>(undefined);
  const listScroll = signal(saved.listScroll);
  const detailsScroll = signal(isNew ? 0 : saved.detailsScroll);
  const clock = new Clock(time);

  /** The one whose details are shown. */
  const selected = computed(() => chosen.value || (rows.value?.[0]?.model_id ?? ""));
  const columns = computed(() => metricColumns(rows.value ?? []));

  /** The list from its beginning, as far as it was loaded. */
  const readRows = async (most: number) => {
    const read: LoggedModelRow[] = [];
    let page_token: string | undefined;
    do {
      const page = await host.models({
        ...{ filter: filter.peek(), order: order.peek() },
        ...(page_token === undefined ? {} : { page_token }),
      });
      read.push(...page.rows);
      page_token = page.next_page_token;
    } while (page_token !== undefined && read.length < most);
    rows.value = read;
    nextPage.value = page_token;
  };
  let most = saved.rows;
  const read = inTurn(async () => {
    try {
      const asked = filter.peek();
      overview.value = await host.overview({});
      await readRows(Math.max(most, rows.peek()?.length ?? 0));
      most = 0;
      if (asked === filter.peek()) filterProblem.value = undefined;
      failure.value = undefined;
      freshAt.value = time.now();
    } catch (error) {
      // A wrong filter is said under the field, and the rows before it stay.
      if (filter.peek() !== "" && isFilterError(error)) filterProblem.value = messageOf(error);
      else failure.value = error;
    }
  });
  const readDetails = inTurn(async () => {
    const model_id = selected.peek();
    if (model_id === "") {
      details.value = undefined;
      return;
    }
    try {
      const found = await host.details({ model_id });
      if (selected.peek() !== model_id) return;
      details.value = found;
      detailsFailure.value = undefined;
    } catch (error) {
      if (selected.peek() !== model_id) return;
      // What was shown and is gone gives way to the first; one that was only asked for is told as missing.
      if (isGone(error) && details.peek()?.model_id === model_id) chosen.value = "";
      else detailsFailure.value = error;
      return;
    }
    if (environment.peek()?.model_id === model_id) return;
    const told = await host.environment({ model_id }).catch(() => undefined);
    if (told !== undefined) environment.value = { model_id, told };
  });
  const stopDetails = effect(() => {
    if (selected.value === "" && rows.value === undefined) return;
    if (details.peek()?.model_id !== selected.value) readDetails();
  });

  const use = (text: string) => {
    if (text === filter.peek()) return;
    filter.value = text;
    listScroll.value = 0;
    chosen.value = "";
    most = 0;
    rows.value = undefined;
    read();
  };
  /** Uses what was typed where it is a filter. */
  const apply = () => {
    const text = typed.peek().trim();
    const wrong = problemOf(text);
    filterProblem.value = wrong;
    if (wrong === undefined) use(text);
  };
  const applyLater = later(TYPING, () => {
    if (problemOf(typed.peek().trim()) === undefined) apply();
  });

  const refresh = later(COALESCE, () => {
    read();
    readDetails();
  });
  const view: LoggedModelsView = {
    async storeChanged({ everything, models, run_ids }) {
      const isOfRun = details.peek()?.runs.some(({ run_id }) => run_ids.includes(run_id)) === true;
      if (everything || models || isOfRun) refresh();
    },
    async show({ model_id }) {
      chosen.value = model_id;
    },
  };
  let stopClock: (() => void) | undefined;

  return {
    subject,
    overview,
    rows,
    nextPage,
    loadingMore,
    failure,
    problem,
    freshAt,
    typed,
    filter,
    filterProblem,
    order,
    selected,
    details,
    detailsFailure,
    environment,
    listScroll,
    detailsScroll,
    columns,
    now: clock.now,
    view,
    attempt,
    apply,
    type: (text: string) => {
      typed.value = text;
      filterProblem.value = undefined;
      applyLater();
    },
    clear: () => {
      typed.value = "";
      apply();
    },
    /** By another field, or the other way round. */
    orderBy: (field_name: string) => {
      const before = order.peek();
      const ascending = before.field_name === field_name ? !before.ascending : field_name === "name";
      order.value = { field_name, ascending };
      listScroll.value = 0;
      read();
    },
    select: (model_id: string) => {
      if (model_id === selected.peek()) return;
      chosen.value = model_id;
      detailsScroll.value = 0;
    },
    /** Chooses the one `by` rows further; undefined at the end. */
    move: (by: number): string | undefined => {
      const list = rows.peek() ?? [];
      const at = list.findIndex(({ model_id }) => model_id === selected.peek());
      const next = list[Math.min(list.length - 1, Math.max(0, at + by))]?.model_id;
      if (next !== undefined && next !== selected.peek()) {
        chosen.value = next;
        detailsScroll.value = 0;
      }
      return next;
    },
    loadMore: () => {
      const page_token = nextPage.peek();
      if (page_token === undefined || loadingMore.peek()) return;
      loadingMore.value = true;
      const before = filter.peek();
      host
        .models({ filter: before, order: order.peek(), page_token })
        .then((page) => {
          if (filter.peek() !== before || nextPage.peek() !== page_token) return;
          rows.value = [...(rows.peek() ?? []), ...page.rows];
          nextPage.value = page.next_page_token;
        })
        .catch((error: unknown) => {
          problem.value = error;
        })
        .finally(() => {
          loadingMore.value = false;
        });
    },
    start: () => {
      if (wanted !== "") openedFor.value = wanted;
      read();
      stopClock = clock.start();
    },
    retry: () => {
      failure.value = undefined;
      read();
      readDetails();
    },
    arrangement: computed<LoggedModelsArrangement>(() => ({
      filter: filter.value,
      order: order.value.field_name,
      ascending: order.value.ascending,
      selected: chosen.value,
      openedFor: openedFor.value,
      listScroll: listScroll.value,
      detailsScroll: detailsScroll.value,
      rows: rows.value?.length ?? saved.rows,
    })),
    dispose: () => {
      stopDetails();
      stopClock?.();
    },
  };
}

/** What is wrong with a filter, in MLflow's words; undefined when it is one. */
function problemOf(text: string): string | undefined {
  try {
    parseFilter("loggedModels", text);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
