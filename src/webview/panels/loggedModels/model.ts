import { computed, effect, signal } from "@preact/signals";
import { parseFilter } from "../../../mlflow/filter/parse.ts";
import type { ModelEnvironment } from "../../../mlflow/modelFile.ts";
import type {
  LoggedModelDetails,
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
import { ModelsWindow } from "./modelsWindow.ts";
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
  const rows = new ModelsWindow((query, abort) => host.models(query, abort), time.now, saved.rows);
  const overviewFailure = signal<unknown>(undefined);
  const { problem, attempt } = attempts();
  /** As typed, and as it is used. */
  const typed = signal(saved.filter);
  const filter = signal(saved.filter);
  /** What is wrong with what was typed, once it was meant. */
  const wrong = signal<string | undefined>(undefined);
  const order = signal({ field_name: saved.order, ascending: saved.ascending });
  const wanted = subject.model_id ?? "";
  const openedFor = signal(saved.openedFor);
  const isNew = wanted !== "" && saved.openedFor !== wanted;
  const chosen = signal(isNew ? wanted : saved.selected);
  /** Id of the first of the list, also while other pages of it are on screen. */
  const first = signal("");
  const details = signal<LoggedModelDetails | undefined>(undefined);
  const detailsFailure = signal<unknown>(undefined);
  const environment = signal<{ model_id: string; told: ModelEnvironment } | undefined>(undefined);
  const listScroll = signal(saved.listScroll);
  const detailsScroll = signal(isNew ? 0 : saved.detailsScroll);
  const sizes = signal(saved.sizes);
  const clock = new Clock(time);

  /** The one whose details are shown. */
  const selected = computed(() => chosen.value || first.value);
  /** A wrong filter is said under the field, and the rows before it stay. */
  const refused = computed(() => filter.value !== "" && isFilterError(rows.failure.value));

  const readOverview = inTurn(async () => {
    try {
      overview.value = await host.overview({});
      overviewFailure.value = undefined;
    } catch (error) {
      overviewFailure.value = error;
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
  const stopFirst = effect(() => {
    const row = rows.version.value < 0 ? undefined : rows.at(0);
    if (row !== undefined || rows.total.value === 0) first.value = row?.model_id ?? "";
  });
  const stopDetails = effect(() => {
    if (selected.value === "" && rows.total.value === undefined) return;
    if (details.peek()?.model_id !== selected.value) readDetails();
  });

  const use = (text: string) => {
    if (text === filter.peek()) return;
    filter.value = text;
    listScroll.value = 0;
    chosen.value = "";
  };
  /** Uses what was typed where it is a filter. */
  const apply = () => {
    const text = typed.peek().trim();
    wrong.value = problemOf(text);
    if (wrong.peek() === undefined) use(text);
  };
  const applyLater = later(TYPING, () => {
    if (problemOf(typed.peek().trim()) === undefined) apply();
  });

  const readAll = () => {
    readOverview();
    rows.refresh();
    readDetails();
  };
  const refresh = later(COALESCE, readAll);
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
  let stopQuery: (() => void) | undefined;

  return {
    subject,
    overview,
    rows,
    failure: computed(() => overviewFailure.value ?? (refused.value ? undefined : rows.failure.value)),
    problem,
    freshAt: rows.freshAt,
    typed,
    filter,
    filterProblem: computed(() => wrong.value ?? (refused.value ? messageOf(rows.failure.value) : undefined)),
    order,
    selected,
    details,
    detailsFailure,
    environment,
    listScroll,
    detailsScroll,
    sizes,
    now: clock.now,
    view,
    attempt,
    apply,
    type: (text: string) => {
      typed.value = text;
      wrong.value = undefined;
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
    },
    select: (model_id: string) => {
      if (model_id === selected.peek()) return;
      chosen.value = model_id;
      detailsScroll.value = 0;
    },
    start: () => {
      if (wanted !== "") openedFor.value = wanted;
      readOverview();
      stopQuery = effect(() => rows.setQuery({ filter: filter.value, order: order.value }));
      stopClock = clock.start();
    },
    retry: () => {
      overviewFailure.value = undefined;
      rows.failure.value = undefined;
      readAll();
    },
    arrangement: computed<LoggedModelsArrangement>(() => ({
      filter: filter.value,
      order: order.value.field_name,
      ascending: order.value.ascending,
      selected: chosen.value,
      openedFor: openedFor.value,
      listScroll: listScroll.value,
      detailsScroll: detailsScroll.value,
      rows: rows.total.value ?? saved.rows,
      sizes: sizes.value,
    })),
    dispose: () => {
      stopFirst();
      stopDetails();
      stopQuery?.();
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
