import { batch, computed, signal } from "@preact/signals";
import { copyAs } from "../../../mlflow/signature/copyAs.ts";
import type { CopyKind } from "../../../mlflow/signature/copyAs.ts";
import { formsOf, printRequest, valuesProblem } from "../../../mlflow/signature/requests.ts";
import type { PrintedRequest, RequestForm } from "../../../mlflow/signature/requests.ts";
import { recognise } from "../../../mlflow/signature/recognise.ts";
import type {
  AskedModel,
  PredictHost,
  PredictSubject,
  PredictView,
  SentRequest,
  ServerAnswer,
} from "../../../protocol/panels/predict.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { ScoringServer } from "../../../protocol/serving.ts";
import { attempts } from "../../ui/attempts.ts";
import { draftOf, emptyDraft, fieldsOf, fitDraft, readDraft, textOfFields } from "./draft.ts";
import type { Draft } from "./draft.ts";
import type { PredictArrangement, Tab } from "./savedView.ts";

export type PredictModel = ReturnType<typeof predictModel>;

/** Rows that the fields take; more go through Predict File, in parts. */
export const MOST_FIELD_ROWS = 1_000;

export function predictModel(host: Remote<PredictHost>, subject: PredictSubject, saved: PredictArrangement) {
  const servers = signal<readonly ScoringServer[] | undefined>(undefined);
  const failure = signal<unknown>(undefined);
  const { problem, attempt } = attempts();
  const { id: wanted, since = 0 } = subject;
  const isNew = wanted !== undefined && since !== saved.obeyed;
  const arrangement = signal(isNew ? { ...saved, a: wanted, obeyed: since } : saved);
  /** What each server's model takes; `undefined` while it is asked. */
  const models = signal<Readonly<Record<string, AskedModel>>>({});
  const answers = signal<readonly ServerAnswer[]>([]);
  const sending = signal(false);
  /** It takes long enough to be told of. */
  const slow = signal(false);
  let isStale = false;
  const history = signal<readonly SentRequest[] | undefined>(undefined);
  /** A sentence about what was just done with a text. */
  const said = signal<string | undefined>(undefined);

  const part = <K extends keyof PredictArrangement>(key: K) => computed(() => arrangement.value[key]);
  const change = (next: Partial<PredictArrangement>) => {
    arrangement.value = { ...arrangement.peek(), ...next };
  };

  /** The server that the panel's tab is named after: it stays the one that is asked, also when it does not answer any more. */
  const named = signal<string | undefined>(undefined);
  const serverA = computed(() => chosen(servers.value ?? [], arrangement.value.a, subject.id ?? named.value));
  const serverB = computed(() => {
    const { b, ab } = arrangement.value;
    if (!ab) return undefined;
    const others = (servers.value ?? []).filter(({ id }) => id !== serverA.value?.id);
    return chosen(others, b, undefined);
  });
  const asked = computed(() => {
    const server = serverA.value;
    return server === undefined ? undefined : models.value[server.id];
  });
  const signature = computed(() => asked.value?.signature);
  const draft = computed(() => fitDraft(arrangement.value.draft, signature.value));
  const read = computed(() => readDraft(draft.value, signature.value));
  /** The fields as they are to be shown: those of a text that is being written follow it. */
  const shown = computed((): Draft => {
    const { fields } = read.value;
    return (
      fields ?? (draft.value.text === undefined ? draft.value : { ...draft.value, ...emptyDraft(signature.value) })
    );
  });
  const fields = computed(() => fieldsOf(signature.value, shown.value.columns));
  /** Texts that a column of the input example holds: a signature lists no values, the example shows some. */
  const choices = computed((): ReadonlyMap<string, string[]> => {
    const { example } = asked.value ?? {};
    const from = example === undefined ? undefined : recognise(example, signature.value);
    if (from === undefined || "problem" in from || from.input.kind !== "table") return new Map();
    const { columns = [], rows } = from.input.table;
    const textsOf = (at: number) => [
      ...new Set(rows.flatMap((cells) => (typeof cells[at] === "string" ? [cells[at]] : []))),
    ];
    return new Map(columns.map((name, at) => [name, textsOf(at).slice(0, MOST_CHOICES)]));
  });
  const forms = computed(() => formsOf(signature.value));
  const form = computed((): RequestForm => {
    const wanted = forms.value.find((one) => one === arrangement.value.form);
    return wanted ?? forms.value[0] ?? "dataframe_split";
  });
  /** Why the chosen form cannot carry these values. */
  const formProblem = computed(() => {
    const { request } = read.value;
    return request === undefined ? undefined : valuesProblem(form.value, request, signature.value?.inputs);
  });
  const printed = computed((): PrintedRequest | undefined => {
    const { request } = read.value;
    return request === undefined || formProblem.value !== undefined ? undefined : printRequest(form.value, request);
  });
  const row = computed(() => Math.min(arrangement.value.row, Math.max(0, shown.value.rows.length - 1)));
  const targets = computed(() =>
    [serverA.value, serverB.value].flatMap((server) => (server === undefined ? [] : [server])),
  );
  /** The first server that cannot be asked now, and why, in a sentence. */
  const off = computed(() => {
    const server = targets.value.find(({ state }) => state !== "ready");
    if (server === undefined) return undefined;
    const { id, state, problem: told, title } = server;
    return { id, state, text: told?.text ?? `${title} is ${STATE_WORDS[state]}.` };
  });
  /** Why Send waits; undefined when it can be pressed. */
  const waits = computed(() => {
    const [first] = read.value.problems;
    if (first !== undefined) return first.text;
    if (formProblem.value !== undefined) return formProblem.value;
    if (off.value !== undefined) return off.value.text;
    if (arrangement.value.ab && serverB.value === undefined) return "Serve a second version to compare with.";
    return printed.value === undefined ? "There is nothing to send yet." : undefined;
  });

  async function loadServers(): Promise<void> {
    try {
      const list = await host.servers({});
      const before = { a: serverA.peek(), b: serverB.peek() };
      batch(() => {
        servers.value = list;
        failure.value = undefined;
        // One that was started again has another id.
        for (const which of ["a", "b"] as const) {
          const old = before[which];
          if (old === undefined || list.some(({ id }) => id === old.id)) continue;
          const again = list.findLast(({ model_uri, store }) => model_uri === old.model_uri && store === old.store);
          if (again !== undefined) change(which === "a" ? { a: again.id } : { b: again.id });
        }
      });
    } catch (error) {
      failure.value = error;
      return;
    }
    // The servers are known: that one of their models cannot be read is told above what is known.
    await loadModels().catch((error: unknown) => {
      problem.value = error;
    });
  }

  async function loadModels(): Promise<void> {
    for (const [at, { id }] of targets.peek().entries()) {
      const beside = at > 0;
      const known = beside || id === named.peek() ? models.peek()[id] : undefined;
      const found = known ?? (await host.model(beside ? { id, beside } : { id }));
      if (!beside) named.value = id;
      if (known === undefined) models.value = { ...models.peek(), [id]: found };
      if (id === serverA.peek()?.id) adopt(found);
    }
  }

  /** What a person wrote while the model was not known yet. */
  let isOwn = false;
  const write = (next: Partial<PredictArrangement>) => {
    isOwn = asked.peek() === undefined;
    change(next);
  };

  /** The draft follows the model: what was written for another one gives way to its input example. */
  function adopt({ key, signature: known, example }: AskedModel): void {
    const { written } = arrangement.peek();
    const stays = isOwn;
    isOwn = false;
    if (written === key) return;
    if (stays) return change({ written: key });
    const from = example === undefined ? undefined : recognise(example, known);
    const fresh = from === undefined || "problem" in from ? emptyDraft(known) : draftOf(from, known);
    // Only as text can be written what no columns are known of.
    const bare = known?.inputs === undefined && fresh.columns.length === 0;
    const next: Draft = bare ? { ...fresh, text: example ?? TEMPLATE } : fresh;
    change({ draft: next, written: key, row: 0, ...(bare ? { tab: "json" as const } : {}) });
  }

  const edit = (next: Partial<Draft>) => {
    const { text: _, ...base } = { ...draft.peek(), ...shown.peek(), ...next };
    said.value = undefined;
    write({ draft: base });
  };

  const model = {
    ...{ servers, failure, problem, arrangement, answers, sending, slow, history, said },
    ...{
      choices,
      serverA,
      serverB,
      asked,
      signature,
      draft,
      read,
      shown,
      fields,
      forms,
      form,
      formProblem,
      printed,
      row,
      targets,
      off,
      waits,
    },
    tab: part("tab"),
    ab: part("ab"),
    raw: part("raw"),
    copyKind: part("copy"),
    view: {
      // A request that is counted changes its server: that can wait until the answer is there.
      async serversChanged() {
        isStale = sending.peek();
        if (!isStale) await loadServers();
      },
    } satisfies PredictView,
    modelOf: (id: string) => models.value[id],
    attempt,
    change,
    start: () => attempt(loadServers()),
    choose(which: "a" | "b", id: string): void {
      change(which === "a" ? { a: id } : { b: id });
      attempt(loadModels());
      if (history.peek() !== undefined) attempt(model.openHistory());
    },
    toggleAb(): void {
      change({ ab: !arrangement.peek().ab });
      attempt(loadModels());
    },
    show(tab: Tab): void {
      change({ tab });
    },
    setCell(at: number, column: number, text: string): void {
      const { rows } = shown.peek();
      edit({ rows: rows.map((cells, i) => (i === at ? cells.map((cell, j) => (j === column ? text : cell)) : cells)) });
    },
    /** Cells of a spreadsheet, from one cell on; rows are added as they are needed. */
    setCells(at: number, column: number, block: readonly (readonly (string | null)[])[]): void {
      const { rows, columns } = shown.peek();
      const length = Math.min(MOST_FIELD_ROWS, Math.max(rows.length, at + block.length));
      const next = Array.from({ length }, (_, i) =>
        columns.map((_name, j) => block[i - at]?.[j - column] ?? rows[i]?.[j] ?? ""),
      );
      edit({ rows: next });
    },
    setTensor(name: string, text: string): void {
      edit({ tensors: { ...shown.peek().tensors, [name]: text } });
    },
    setParam(name: string, text: string): void {
      edit({ params: { ...shown.peek().params, [name]: text } });
    },
    addRow(): void {
      const { rows, columns } = shown.peek();
      const last = rows[row.peek()] ?? columns.map(() => "");
      if (rows.length >= MOST_FIELD_ROWS) return;
      edit({ rows: [...rows, [...last]] });
      change({ row: rows.length });
    },
    removeRow(at: number): void {
      const { rows, columns } = shown.peek();
      const left = rows.filter((_, i) => i !== at);
      edit({ rows: left.length === 0 ? [columns.map(() => "")] : left });
      change({ row: Math.max(0, Math.min(row.peek(), left.length - 1)) });
    },
    move(by: number): void {
      const { length } = shown.peek().rows;
      change({ row: Math.max(0, Math.min(length - 1, row.peek() + by)) });
    },
    /** The whole request as it is written in the JSON tab. */
    text: computed(() => draft.value.text ?? textOfFields(draft.value, signature.value)),
    setText(text: string): void {
      said.value = undefined;
      write({ draft: { ...draft.peek(), text } });
    },
    /** Takes a text that was pasted, dropped or read from a file, as far as it is a request. */
    take(text: string, from: string): boolean {
      const found = recognise(text, signature.peek());
      if ("problem" in found) {
        said.value = `${from}: ${found.problem}`;
        return false;
      }
      const count = found.input.kind === "table" ? found.input.table.rows.length : 1;
      if (count > MOST_FIELD_ROWS) {
        said.value = `${from} has ${count} rows; Predict File… sends so many in parts.`;
        return false;
      }
      const current = readDraft({ ...draft.peek(), text }, signature.peek());
      batch(() => {
        const rest = current.fields ?? shown.peek();
        // What fits the fields is shown in them; what does not stays a text.
        const fits = current.fields !== undefined && found.input.kind !== "body";
        write({
          draft: fits && current.problems.length === 0 && found.said === undefined ? { ...rest } : { ...rest, text },
          row: 0,
        });
        if (!fits) change({ tab: "json" });
      });
      return true;
    },
    fillExample(): void {
      const found = asked.peek();
      const from = found?.example === undefined ? undefined : recognise(found.example, found.signature);
      if (from === undefined || "problem" in from) return;
      said.value = undefined;
      const filled = draftOf(from, found?.signature);
      const isBody = from.input.kind === "body";
      change({
        draft: isBody ? { ...filled, text: found?.example ?? "" } : filled,
        row: 0,
        ...(isBody ? { tab: "json" } : {}),
      });
    },
    setForm(next: RequestForm): void {
      change({ form: next });
    },
    async send(): Promise<void> {
      const body = printed.peek();
      if (sending.peek() || waits.peek() !== undefined || body === undefined) return;
      sending.value = true;
      const timer = setTimeout(() => {
        slow.value = true;
      }, SLOW);
      try {
        const isBody = read.peek().request?.input.kind === "body";
        const query = {
          to: targets.peek().map(({ id }) => id),
          ...body,
          form: isBody ? ("body" as const) : form.peek(),
          rows: read.peek().count,
        };
        answers.value = await host.send(query);
        if (history.peek() !== undefined) await model.openHistory();
      } finally {
        clearTimeout(timer);
        batch(() => {
          sending.value = false;
          slow.value = false;
        });
        if (isStale) attempt(loadServers());
        isStale = false;
      }
    },
    async openHistory(): Promise<void> {
      const server = serverA.peek();
      const list = server === undefined ? [] : await host.history({ id: server.id });
      // Another server may have been chosen meanwhile: its own list follows.
      if (server?.id === serverA.peek()?.id) history.value = list;
    },
    closeHistory(): void {
      history.value = undefined;
    },
    async forget(): Promise<void> {
      const server = serverA.peek();
      if (server !== undefined) await host.forget({ id: server.id });
      await model.openHistory();
    },
    /** The request as a program, for the first server. */
    program(kind: CopyKind): string | undefined {
      const server = serverA.value;
      const body = printed.value;
      return server === undefined || body === undefined ? undefined : copyAs(kind, server.url, body);
    },
    copyProgram(kind: CopyKind): void {
      const text = model.program(kind);
      change({ copy: kind });
      if (text !== undefined) attempt(host.copy({ text }));
    },
    async openFile(): Promise<void> {
      const file = await host.readFile({});
      if (file !== undefined) model.take(file.text, file.name);
    },
  };
  return model;
}

/** ms after which a wait is shown. */
const SLOW = 300;
const MOST_CHOICES = 30;
const TEMPLATE = '{\n  "dataframe_split": {\n    "columns": ["a", "b"],\n    "data": [[1, 2]]\n  }\n}';

export const STATE_WORDS: Record<ScoringServer["state"], string> = {
  starting: "still starting",
  ready: "ready",
  unhealthy: "not answering",
  stopping: "being stopped",
  stopped: "stopped",
  failed: "not running",
};

/** The one that was chosen, else the one that was asked for, else the first that answers. */
function chosen(list: readonly ScoringServer[], id: string, first: string | undefined): ScoringServer | undefined {
  return (
    list.find((server) => server.id === id) ??
    list.find((server) => server.id === first) ??
    list.find(({ state }) => state === "ready") ??
    list.find(({ state }) => state === "starting") ??
    list[0]
  );
}
