import assert from "node:assert/strict";
import fc from "fast-check";
import { asMlflowError } from "../../src/mlflow/errors.ts";
import { filterProblem } from "../../src/mlflow/filter/parse.ts";
import type { Base, WholeStore } from "../store/writeOperations.ts";

// Filters and orders that nobody would write, asked of every search of a database.

const ENTITIES = [
  ..."metrics. params. tags. tag. param. metric. attributes. attribute. attr. run. parameters. dataset. datasets.".split(
    " ",
  ),
  ..."trace. span. span.attributes. feedback. expectation. issue. metadata. request_metadata. assessment. prompt".split(
    " ",
  ),
  ...["", "", "foo.", "metrics", ".", "`metrics`."],
];
const KEYS = [
  ..."loss acc depth team status start_time end_time run_id run_name user_id artifact_uri name creation_time version".split(
    " ",
  ),
  ..."last_update_time experiment_id digest context source_path source_run_id model_id model_type version_number".split(
    " ",
  ),
  ..."timestamp timestamp_ms execution_time request_id client_request_id type content text stage key value tags".split(
    " ",
  ),
  ...[
    "`a b`",
    '"a b"',
    "`",
    '"',
    "'x'",
    "a.b.c",
    "mlflow.runName",
    "`mlflow.trace.tokenUsage`",
    "é",
    "💥",
    "1",
    "-",
    "",
  ],
];
const COMPARATORS = [
  ..."= != < <= > >= LIKE ILIKE RLIKE IN like in".split(" "),
  ...["NOT IN", "IS NULL", "IS NOT NULL", "is null", "==", "<>", "~", "BETWEEN", "NOT LIKE", "NOT", "", "= =", "IS"],
];
const VALUES = [
  ..."1 0 -1 1.5 1e5 1e999 -1e999 nan NaN inf 0x10 9223372036854775808 1_000 .5 5. +3 NULL true '' \"\" ' ( ) () ; -- /*".split(
    " ",
  ),
  ...[
    "'a'",
    '"a"',
    "'%'",
    "'%a%b%c%'",
    "'_'",
    "'\\'",
    "'it''s'",
    "('a', 'b')",
    "('a'",
    "(1, 2)",
    "('a',)",
    "'FINISHED'",
  ],
  ...[
    "'^a+$'",
    "'(a+)+$'",
    "'(?P<x>a)(?P=x)'",
    "'['",
    "'(?i)A'",
    "'\\\\Z'",
    "'(?=a)*'",
    "'a{2,1}'",
    "'\u0000'",
    "'\ud800'",
  ],
];
const JOINTS = [" AND ", " and ", " OR ", ", ", " ", " AND AND ", ";", " NOT ", "\n AND\t", " AND ("];

const word = (known: readonly string[]) =>
  fc.oneof({ arbitrary: fc.constantFrom(...known), weight: 9 }, { arbitrary: fc.string({ maxLength: 6 }), weight: 1 });
const quoted = fc
  .tuple(fc.constantFrom("'", '"', "`"), fc.string({ unit: "grapheme", maxLength: 12 }))
  .map(([quote, text]) => quote + text + quote);
const value = fc.oneof(
  { arbitrary: word(VALUES), weight: 4 },
  { arbitrary: quoted, weight: 3 },
  { arbitrary: fc.double().map(String), weight: 1 },
);
const clause = fc
  .tuple(word(ENTITIES), word(KEYS), fc.constantFrom(" ", "", "  "), word(COMPARATORS), fc.constantFrom(" ", ""), value)
  .map((parts) => parts.join(""));
const clauses = fc
  .tuple(clause, fc.array(fc.tuple(fc.constantFrom(...JOINTS), clause), { maxLength: 4 }))
  .map(([first, more]) => first + more.map(([joint, next]) => joint + next).join(""));
/** One character lost, doubled, or another put in. */
const damaged = fc
  .tuple(clauses, fc.nat(), fc.constantFrom("", "'", '"', "`", "(", ")", ".", "%", "\\", "\u0000", " "))
  .map(([text, at, put]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + put + text.slice(place + 1);
  });
/** Beyond some limit of SQLite's or of ours. */
const huge = fc
  .tuple(
    fc.oneof(clause, fc.constantFrom("metrics.loss > 0", "name LIKE '%a%'", "tags.team = 'blue'")),
    fc.constantFrom(" AND ", " OR ", ", "),
    fc.constantFrom(50, 300, 1_200),
  )
  .map(([text, joint, times]) => Array.from({ length: times }, () => text).join(joint));
const longValue = fc
  .tuple(
    word(ENTITIES),
    word(KEYS),
    fc.constantFrom("LIKE", "ILIKE", "=", "RLIKE", "IN"),
    fc.constantFrom("%a", "_", "a", "(", "'a',", "%_%"),
    fc.constantFrom(100, 3_000, 30_000),
  )
  .map(([entity, key, comparator, piece, times]) => {
    const text = piece.repeat(times);
    return `${entity}${key} ${comparator} ${comparator === "IN" ? `(${text}'a')` : `'${text}'`}`;
  });
export const filters: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: clauses, weight: 600 },
  { arbitrary: damaged, weight: 300 },
  { arbitrary: fc.string({ unit: "binary", maxLength: 30 }), weight: 80 },
  { arbitrary: huge, weight: 2 },
  { arbitrary: longValue, weight: 4 },
);
const orders = fc.array(
  fc
    .tuple(word(ENTITIES), word(KEYS), fc.constantFrom("", " ASC", " DESC", " asc", " UP", ";", " DESC DESC"))
    .map((parts) => parts.join("")),
  { maxLength: 3 },
);

const SUBJECTS = [
  ...(["runs", "experiments", "models", "versions", "loggedModels", "traces", "columns"] as const),
  ...(["printedRuns", "printedModels", "printedVersions"] as const),
];
type Subject = (typeof SUBJECTS)[number];

const NUMERIC = ["=", "!=", "<", "<=", ">", ">="];
const TEXT = ["=", "!=", "LIKE", "ILIKE", "like"];
const LISTS = ["IN", "NOT IN"];
const NULLS = ["IS NULL", "IS NOT NULL"];
type Names = [names: string[], comparators: string[]][];

const RUN_NAMES: Names = [
  [
    ["metrics.loss", "metric.`val/auc`", "metrics.nothing", "start_time", "attributes.end_time", 'metrics."a b"'],
    NUMERIC,
  ],
  [
    ["params.depth", "tags.team", "tag.`mlflow.runName`", "parameters.x", "tags.mlflow.user"],
    [...TEXT, ...NULLS],
  ],
  [
    ["run_id", "attributes.run_id"],
    [...TEXT, ...LISTS],
  ],
  [["status", "attribute.status", "run_name", "user_id", "artifact_uri", "dataset.name", "datasets.digest"], TEXT],
  [["dataset.context"], [...TEXT, ...LISTS]],
];

const MODEL_NAMES: Names = [
  [["name"], [...TEXT, ...LISTS]],
  [["tags.team", "tag.`a b`"], TEXT],
];

const VERSION_NAMES: Names = [
  [["version_number"], NUMERIC],
  [
    ["name", "run_id"],
    [...TEXT, ...LISTS],
  ],
  [["source_path", "tags.team"], TEXT],
];

/** What each subject's search has names for. */
const NAMES: Readonly<Record<Subject, Names>> = {
  runs: RUN_NAMES,
  columns: RUN_NAMES,
  printedRuns: RUN_NAMES,
  printedModels: MODEL_NAMES,
  printedVersions: VERSION_NAMES,
  models: MODEL_NAMES,
  versions: VERSION_NAMES,
  experiments: [
    [["creation_time", "last_update_time"], NUMERIC],
    [["name", "attribute.name"], TEXT],
    [
      ["tags.team", "tag.`a b`"],
      [...TEXT, ...NULLS],
    ],
  ],
  loggedModels: [
    [["metrics.loss", "creation_timestamp_ms"], NUMERIC],
    [
      ["name", "model_id", "params.p", "tags.t", "status", "model_type"],
      [...TEXT, ...LISTS],
    ],
  ],
  traces: [
    [["timestamp", "execution_time_ms", "end_time"], NUMERIC],
    [
      ["status", "request_id", "name"],
      ["=", "!=", ...LISTS],
    ],
    [
      ["name", "client_request_id"],
      [...TEXT, "RLIKE"],
    ],
    [
      ["tags.team", "metadata.model", "request_metadata.`mlflow.trace.session`"],
      [...TEXT, "RLIKE", ...NULLS],
    ],
    [
      ["span.name", "span.type", "span.content", "span.attributes.model", "text"],
      ["LIKE", "ILIKE", "RLIKE", "="],
    ],
    [
      ["feedback.good", "expectation.good"],
      [...TEXT, ...NULLS],
    ],
  ],
};

const plain = fc.string({ unit: "grapheme", maxLength: 8 }).map((text) => `'${text.replaceAll("'", "''")}'`);
const known = fc.constantFrom(...VALUES.filter((text) => /^'[^']*'$/.test(text)));
function valueFor(comparator: string): fc.Arbitrary<string> {
  if (NULLS.includes(comparator)) return fc.constant("");
  if (LISTS.includes(comparator)) {
    return fc.array(fc.oneof(plain, known), { minLength: 1, maxLength: 4 }).map((items) => `(${items.join(", ")})`);
  }
  return fc.oneof(plain, known);
}

const number = fc.oneof(fc.integer().map(String), fc.double({ noNaN: true, noDefaultInfinity: true }).map(String));
const valid = (subject: Subject): fc.Arbitrary<string> =>
  fc
    .constantFrom(...NAMES[subject])
    .chain(([names, comparators]) =>
      fc
        .tuple(fc.constantFrom(...names), fc.constantFrom(...comparators))
        .map((pair) => ({ pair, numeric: comparators === NUMERIC })),
    )
    .chain(({ pair: [name, comparator], numeric }) =>
      (numeric ? number : valueFor(comparator)).map((text) => `${name} ${comparator} ${text}`),
    );
const validFilters = Object.fromEntries(
  SUBJECTS.map((subject) => [subject, fc.array(valid(subject), { maxLength: 4 }).map((parts) => parts.join(" AND "))]),
);

export interface Asked {
  subject: Subject;
  filter: string;
  order_by?: string[];
}

const mostlyNoOrder = fc
  .option(orders, { nil: undefined, freq: 1 })
  .map((order_by) => (order_by === undefined ? {} : { order_by }));
export const questions: fc.Arbitrary<Asked> = fc.oneof(
  fc
    .constantFrom(...SUBJECTS)
    .chain((subject) => fc.tuple(fc.constant(subject), validFilters[subject] ?? filters, mostlyNoOrder))
    .map(([subject, filter, order]) => ({ subject, filter, ...order })),
  fc
    .tuple(fc.constantFrom(...SUBJECTS), filters, mostlyNoOrder)
    .map(([subject, filter, order]) => ({ subject, filter, ...order })),
);
async function search(
  store: WholeStore,
  { experiment_id }: Base,
  { subject, filter, order_by }: Asked,
): Promise<unknown> {
  const query = { filter, max_results: 5, ...(order_by === undefined ? {} : { order_by }) };
  const experiment_ids = ["0", experiment_id];
  switch (subject) {
    case "runs":
      return store.searchRuns({ ...query, experiment_ids });
    case "printedRuns":
      return store.printedRuns?.({ ...query, experiment_ids });
    case "printedModels":
      return store.printedRegisteredModels?.(query);
    case "printedVersions":
      return store.printedModelVersions?.(query);
    case "experiments":
      return store.searchExperiments(query);
    case "models":
      return store.searchRegisteredModels(query);
    case "versions":
      return store.searchModelVersions(query);
    case "traces":
      return store.searchTraces({ ...query, experiment_ids });
    case "columns":
      return store.runColumns({
        experiment_ids,
        filter,
        offset: 0,
        limit: 5,
        fields: [
          { kind: "metric", key: "loss" },
          { kind: "param", key: "depth" },
        ],
      });
    case "loggedModels": {
      const sorted = order_by?.map((field_name) => ({ field_name, ascending: true }));
      return store.searchLoggedModels({
        experiment_ids,
        filter,
        max_results: 5,
        ...(sorted === undefined ? {} : { order_by: sorted }),
      });
    }
    default:
      return subject satisfies never;
  }
}

/** ms of CPU that one search may take. */
const SLOW = 1_000;

export interface Answered {
  found: number;
  refused: number;
  /** ms of CPU. */
  slowest: number;
}

/** Asks. Throws when the answer is neither a page nor INVALID_PARAMETER_VALUE, or takes more than a second of CPU. */
export async function ask(store: WholeStore, base: Base, asked: Asked, counted: Answered): Promise<void> {
  let took = await askOnce(store, base, asked, counted);
  // A machine that stood still for a while counts that as CPU time, too: what is slow is slow the next time.
  if (took >= SLOW) took = await askOnce(store, base, asked, counted);
  counted.slowest = Math.max(counted.slowest, took);
  assert.ok(took < SLOW, `${took} ms of CPU`);
}

/** The ms of CPU that it took. */
async function askOnce(store: WholeStore, base: Base, asked: Asked, counted: Answered): Promise<number> {
  const begun = process.cpuUsage();
  try {
    await search(store, base, asked);
    counted.found += 1;
  } catch (error) {
    const { error_code, message, stack } = asMlflowError(error);
    assert.equal(error_code, "INVALID_PARAMETER_VALUE", error instanceof Error ? error.stack : stack);
    assert.ok(!/SELECT [^']* FROM|at .*\.ts:/.test(message), message);
    counted.refused += 1;
  }
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1_000;
}

/** Reads a filter as an editor does, with OR and parentheses, and looks that what is wrong lies in the text. */
export function problemLiesWithin(text: string): void {
  const problem = filterProblem("runs", text, { extended: true });
  if (problem === undefined) return;
  const { start, end, message } = problem;
  assert.ok(start >= 0 && start <= end && end <= text.length, `${start}-${end} of ${text.length}: ${text}`);
  assert.ok(message !== "");
}
