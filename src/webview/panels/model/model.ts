import { batch, computed, effect, signal } from "@preact/signals";
import { filterProblem } from "../../../mlflow/filter/parse.ts";
import type { StoreChange } from "../../../protocol/changes.ts";
import type {
  ModelAbility,
  ModelHistory,
  ModelHost,
  ModelOverview,
  ModelSubject,
  ModelView,
  VersionDetails,
  VersionsBeside,
} from "../../../protocol/panels/model.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { VersionMetrics } from "../../../protocol/versions.ts";
import { attempts } from "../../ui/attempts.ts";
import { Clock, type ClockParts } from "../../ui/clock.ts";
import { inTurn } from "../../ui/inTurn.ts";
import { afterFirst, later } from "../../ui/later.ts";
import type { OpenMenu } from "../../ui/menu.tsx";
import { isFilterError, isGone } from "../../ui/errors.ts";
import { byMeaning } from "../../ui/metrics.ts";
import { finiteBeside, finiteDetails } from "./border.ts";
import { FEW_ACTS, type ModelArrangement } from "./savedView.ts";
import { championOf, holderOf, targetOf, targetsOf } from "./targets.ts";
import { VersionsWindow } from "./versionsWindow.ts";

/** Several changes within this many ms are one. */
const COALESCE = 100;
/** A filter is applied this many ms after the last letter. */
const TYPING = 300;
/** The arrow keys go through versions faster than their files are read: only one that is stayed at is read. */
const SETTLED = 60;
/** Acts that are listed more each time. */
const MORE_ACTS = 50;

/** Details of the chosen version, beside the champion and beside who has what it may be promoted to. */
export interface Shown {
  details: VersionDetails;
  champion: VersionsBeside | undefined;
  holder: VersionsBeside | undefined;
}

export type ModelModel = ReturnType<typeof modelModel>;

/** Everything the Model panel knows and decides; `view.tsx` draws it. */
export function modelModel(host: Remote<ModelHost>, subject: ModelSubject, saved: ModelArrangement, time: ClockParts) {
  const overview = signal<ModelOverview | undefined>(undefined);
  const failure = signal<unknown>(undefined);
  const { problem, attempt } = attempts();
  const menu = signal<OpenMenu | undefined>(undefined);
  const clock = new Clock(time);

  const draft = signal(saved.filter);
  const filter = signal(saved.filter);
  const order = signal(saved.order);
  const chosenMetric = signal(saved.metric);
  const metrics = signal<VersionMetrics | undefined>(undefined);
  const sizes = signal(saved.sizes);
  const checked = signal<ReadonlySet<string>>(new Set(saved.checked));
  const hovered = signal<string | undefined>(undefined);
  const selected = signal(saved.selected);
  const target = signal(saved.target);
  const shown = signal<Shown | undefined>(undefined);
  const detailsFailure = signal<unknown>(undefined);
  const championMetric = signal<number | undefined>(undefined);
  const compared = signal<readonly string[]>(saved.compared);
  const pair = signal<VersionsBeside | undefined>(undefined);
  const differencesOnly = signal(saved.differencesOnly);
  const history = signal<ModelHistory | undefined>(undefined);
  const acts = signal(saved.acts);
  const scroll = signal(saved.scroll);
  const detailsTop = signal(saved.detailsTop);
  const focus = signal(saved.focus);
  const share = signal(saved.share);
  /** Columns of the signature are shown. */
  const unfolded = signal(saved.unfolded);
  const reading = signal(0);

  const rows = new VersionsWindow(({ filter: text, metric: key, ...query }, abort) => {
    const asked = { ...query, ...(text === "" ? {} : { filter: text }), ...(key === undefined ? {} : { metric: key }) };
    return host.rows(asked, abort);
  }, time.now);

  /** The metric of the table: the one that was chosen, else what was logged first of what is measured on held-out data. */
  const metric = computed(() => {
    const keys = metrics.value?.keys;
    const chosen = chosenMetric.value;
    if (keys === undefined) return chosen === "" ? undefined : chosen;
    if (keys.some(({ key }) => key === chosen)) return chosen;
    const isFirst = (key: string) => Number(key === metrics.value?.first);
    const sorted = keys.toSorted((a, b) => isFirst(b.key) - isFirst(a.key) || b.versions - a.versions);
    return byMeaning(
      sorted.map(({ key }) => key),
      NONE,
    )[0];
  });
  const champion = computed(() => (overview.value === undefined ? undefined : championOf(overview.value)));

  const readOverview = inTurn(async () => {
    try {
      const [found, keys] = await Promise.all([host.overview({}), host.metrics({})]);
      batch(() => {
        overview.value = found;
        metrics.value = keys;
        failure.value = undefined;
      });
    } catch (error) {
      failure.value = error;
    }
  });
  const readChampion = inTurn(async () => {
    const [version, key] = [champion.peek(), metric.peek()];
    if (version === undefined || key === undefined) {
      championMetric.value = undefined;
      return;
    }
    const query = { filter: `version_number = ${version}`, metric: key, offset: 0, limit: 1 };
    // What is wrong with the store is told by the other reads, and its rows stay as they were.
    const found = await host.rows(query).catch(() => undefined);
    if (found !== undefined) championMetric.value = found.logged[0] === 1 ? found.metrics[0] : undefined;
  });
  const readHistory = inTurn(async () => {
    // What is wrong with the store is told by the other reads.
    history.value = await host.history({ limit: acts.peek() }).catch(() => history.peek());
  });
  /** One that was deleted, here or elsewhere, is none of the checked any more. */
  const readChecked = inTurn(async () => {
    const versions = [...checked.peek()];
    if (versions.length === 0) return;
    const found = await host.there({ versions }).catch(() => undefined);
    // What is wrong with the store is told by the other reads.
    if (found === undefined) return;
    const there = new Set(found.versions);
    const lost = versions.filter((version) => !there.has(version));
    if (lost.length > 0) check(lost, false);
  });
  const check = (versions: readonly string[], on?: boolean) => {
    const next = new Set(checked.peek());
    for (const version of versions) {
      if (on ?? !next.has(version)) next.add(version);
      else next.delete(version);
    }
    checked.value = next;
  };
  const beside = async (version: string, against: string | undefined): Promise<VersionsBeside | undefined> => {
    if (against === undefined || against === version) return undefined;
    // The other one may just have been deleted: then there is nothing to stand beside.
    return host.compare({ version, against }).then(finiteBeside, () => undefined);
  };
  const readShown = inTurn(async () => {
    const version = selected.peek();
    const known = overview.peek();
    if (version === "" || known === undefined) return;
    reading.value += 1;
    try {
      const first = champion.peek();
      const holder = holderOf(known, targetOf(target.peek()));
      const [details, besideChampion, besideHolder] = await Promise.all([
        host.version({ version }).then(finiteDetails),
        beside(version, first),
        holder === first ? undefined : beside(version, holder),
      ]);
      if (selected.peek() !== version) return soonShown();
      batch(() => {
        shown.value = {
          details,
          champion: besideChampion,
          holder: holder === first ? besideChampion : besideHolder,
        };
        detailsFailure.value = undefined;
      });
    } catch (error) {
      if (selected.peek() !== version) return;
      if (!isGone(error)) detailsFailure.value = error;
      // A model that is gone with it is told above the table, and is shown as it was.
      else if (await isThere()) selectFirst(version);
    } finally {
      reading.value -= 1;
    }
  });
  const readPair = inTurn(async () => {
    const [version, against] = compared.peek();
    if (version === undefined || against === undefined) {
      pair.value = undefined;
      return;
    }
    reading.value += 1;
    try {
      const found = finiteBeside(await host.compare({ version, against }));
      if (compared.peek()[0] === version && compared.peek()[1] === against) pair.value = found;
    } catch (error) {
      // One of them was deleted: there is no pair any more.
      if (isGone(error)) compared.value = [];
      else problem.value = error;
    } finally {
      reading.value -= 1;
    }
  });
  const soonShown = later(SETTLED, readShown);
  /** Versions that are gone, whose rows may still be loaded. */
  const gone = new Set<string>();
  const selectFirst = (version?: string) => {
    if (version !== undefined) gone.add(version);
    const next = rows.loaded().find(({ row }) => !gone.has(row.version));
    selected.value = next?.row.version ?? "";
    if (next === undefined) shown.value = undefined;
  };
  const isThere = () =>
    host.overview({}).then(
      () => true,
      () => false,
    );
  const refresh = () => {
    gone.clear();
    readOverview();
    rows.refresh();
    readChampion();
    readHistory();
    readChecked();
    soonShown();
    if (compared.peek().length === 2) readPair();
  };
  const soon = afterFirst(COALESCE, refresh);

  const askWanted = () => {
    attempt(
      host.wanted({}).then(({ version }) => {
        if (version === undefined) return;
        batch(() => {
          selected.value = version;
          compared.value = [];
        });
      }),
    );
  };

  const effects: (() => void)[] = [];
  const start = () => {
    effects.push(clock.start());
    askWanted();
    readOverview();
    readHistory();
    readChecked();
    effects.push(
      effect(() => rows.setQuery({ filter: filter.value, order: order.value, metric: metric.value })),
      effect(() => {
        const measured = [champion.value, metric.value];
        if (!measured.includes(undefined)) readChampion();
      }),
      effect(() => {
        if (rows.version.value > 0 && selected.value === "") selectFirst();
      }),
      effect(() => {
        const wanted = [selected.value, target.value, champion.value];
        if (overview.value !== undefined && wanted[0] !== "") soonShown();
      }),
      effect(() => {
        if (compared.value.length === 2) readPair();
        else pair.value = undefined;
      }),
    );
  };

  const localProblem = computed(() => {
    const text = draft.value.trim();
    return text === "" ? undefined : filterProblem("modelVersions", text, { extended: false });
  });
  const apply = () => {
    if (localProblem.peek() === undefined) filter.value = draft.peek().trim();
  };
  const applyLater = later(TYPING, apply);

  const view: Omit<ModelView, "act"> = {
    async storeChanged({ everything, models, run_ids }: StoreChange) {
      const changed = new Set(run_ids);
      const isShown = (run_id: string | undefined) => run_id !== undefined && changed.has(run_id);
      const touches = run_ids.length > 0 && rows.loaded().some(({ row }) => isShown(row.run?.run_id));
      if (everything || models || touches || isShown(shown.peek()?.details.row.run?.run_id)) soon();
    },
    opened: async () => askWanted(),
  };

  return {
    subject,
    overview,
    failure,
    problem,
    menu,
    rows,
    draft,
    filter,
    order,
    metric,
    metrics,
    sizes,
    checked,
    hovered,
    selected,
    target,
    shown,
    detailsFailure,
    champion,
    championMetric,
    compared,
    pair,
    differencesOnly,
    history,
    acts,
    scroll,
    detailsTop,
    focus,
    share,
    unfolded,
    now: clock.now,
    view,
    start,
    attempt,
    can: (ability: ModelAbility) => overview.value?.can.includes(ability) === true,
    busy: computed(() => rows.busy.value || reading.value > 0),
    targets: computed(() => (overview.value === undefined ? [] : targetsOf(overview.value))),
    /** What is wrong with the filter that is written; undefined while it can be applied. */
    filterProblem: computed(() => {
      if (localProblem.value !== undefined) return localProblem.value.message;
      const refused = rows.failure.value;
      return isFilterError(refused) && refused instanceof Error ? refused.message : undefined;
    }),
    typed: (text: string) => {
      draft.value = text;
      applyLater();
    },
    apply,
    clearFilter: () => {
      draft.value = "";
      filter.value = "";
    },
    chooseMetric: (key: string) => {
      chosenMetric.value = key;
    },
    check,
    select: (version: string) => {
      selected.value = version;
    },
    /** The two checked versions, the newer one first; undefined unless there are two. */
    checkedPair: computed(() => {
      const [one, other, third] = [...checked.value].sort((a, b) => Number(b) - Number(a));
      return one === undefined || other === undefined || third !== undefined ? undefined : ([one, other] as const);
    }),
    compare: (versions: readonly string[]) => {
      compared.value = versions;
    },
    moreActs: () => {
      acts.value = Math.max(FEW_ACTS, acts.peek()) + MORE_ACTS;
      readHistory();
    },
    retry: () => {
      failure.value = undefined;
      rows.failure.value = undefined;
      refresh();
    },
    arrangement: computed<ModelArrangement>(() => ({
      filter: filter.value,
      order: order.value,
      metric: chosenMetric.value,
      sizes: sizes.value,
      selected: selected.value,
      checked: [...checked.value].slice(0, MOST_KEPT),
      compared: [...compared.value],
      differencesOnly: differencesOnly.value,
      target: target.value,
      scroll: scroll.value,
      detailsTop: detailsTop.value,
      focus: focus.value,
      share: share.value,
      acts: acts.value,
      unfolded: unfolded.value,
    })),
    dispose: () => {
      soon.cancel();
      for (const stop of effects.splice(0)) stop();
    },
  };
}

/** Checked versions that are kept for the next time. */
const MOST_KEPT = 200;
const NONE: ReadonlySet<string> = new Set();
