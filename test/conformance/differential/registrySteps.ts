// A registry's life as a sequence of calls: what each does to the models, their versions and the logged models they come from.
import fc from "fast-check";
import type { Call } from "./call.ts";
import { asQuery } from "./filters.ts";
import { checkSame, type Pair } from "./pair.ts";

/** In the texts of a step: what tells the names of one sequence from those of all others. */
const MINE = "@mine@";
/** In the texts of a step: the number that the ids of one sequence have. */
const NUMBER = "@number@";

const one = <T>(...values: T[]) => fc.constantFrom(...values);
const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: odd });

const name = mostly(one(`${MINE} red`, `${MINE}_Blue%`, `${MINE}'ä`), one(`${MINE} RED`, "", "a/b", " "));
const version = mostly(one("1", "1", "2", "2", "3"), one("4", "0", "", "x", "01"));
const alias = mostly(
  one("champion", "champion", "champion", "Champion", "new.one"),
  one("latest", "v1", "", "a b", "a".repeat(256)),
);
const key = mostly(one("team", "a b", "mlflow.note.content"), one("", "/a", "k".repeat(251)));
const value = mostly(one("", "x", "it's", "ä", "two\nlines"), one("v".repeat(6000), "v".repeat(100_001)));
const description = mostly(one("", "**bold**", "ä 😀"), one("d".repeat(5001)));
const stage = mostly(one("None", "Staging", "Production", "Archived", "production"), one("", "x", "Deleted_Internal"));
const loggedModel = one(`<lma${NUMBER}>`, `<lmb${NUMBER}>`);
const tags = fc.uniqueArray(fc.record({ key, value }), { maxLength: 2, selector: (tag) => tag.key });
const source = mostly(
  one("s3://bucket/model", "s3://bucket/model", `models:/${MINE} red/1`, `models:/${MINE}_Blue%/2`),
  one("", "/etc", "relative", "models:/none/1", `models:/${MINE} red@champion`, `models:/<lma${NUMBER}>`),
);
/** What a version of a logged model is made from, its id twice. */
const ofLoggedModel = loggedModel.map((model_id) => ({ source: `models:/${model_id}`, model_id }));
const run_id = one("", "<run0>", "<run1>");
const order = one(
  "name",
  "name DESC",
  "version_number",
  "version_number DESC",
  "last_updated_timestamp DESC",
  "creation_timestamp",
);
const pages = {
  max_results: one(1, 2, 3, 1000),
  order_by: fc.uniqueArray(order, { maxLength: 2, selector: (by) => by.split(" ")[0] }),
};

type Fields = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** [how often, method, path, fields]; what reads is asked after each step anyway, and pages in searches of their own. */
const STEPS: readonly (readonly [number, Call["method"], string, Fields])[] = [
  [4, "POST", "registered-models/create", { name, tags, description }],
  [2, "POST", "registered-models/rename", { name, new_name: name }],
  [2, "PATCH", "registered-models/update", { name, description }],
  [1, "DELETE", "registered-models/delete", { name }],
  [2, "POST", "registered-models/set-tag", { name, key, value }],
  [1, "DELETE", "registered-models/delete-tag", { name, key }],
  [4, "POST", "registered-models/alias", { name, alias, version }],
  [2, "DELETE", "registered-models/alias", { name, alias }],
  [2, "GET", "registered-models/alias", { name, alias }],
  [2, "POST", "registered-models/get-latest-versions", { name, stages: fc.array(stage, { maxLength: 2 }) }],
  [2, "GET", "registered-models/get", { name }],
  [8, "POST", "model-versions/create", { name, source, run_id, tags, description, run_link: one("", "http://run") }],
  [1, "POST", "model-versions/create", { name, source, model_id: loggedModel }],
  [3, "POST", "model-versions/create", { name, made: ofLoggedModel, tags }],
  [2, "GET", "model-versions/get", { name, version }],
  [2, "GET", "model-versions/get-download-uri", { name, version }],
  [2, "PATCH", "model-versions/update", { name, version, description }],
  [5, "POST", "model-versions/transition-stage", { name, version, stage, archive_existing_versions: fc.boolean() }],
  [2, "DELETE", "model-versions/delete", { name, version }],
  [2, "POST", "model-versions/set-tag", { name, version, key, value }],
  [1, "DELETE", "model-versions/delete-tag", { name, version, key }],
  [
    1,
    "PATCH",
    "logged-models/<lma@number@>",
    {
      model_id: one(`<lma${NUMBER}>`),
      status: one("LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED", "LOGGED_MODEL_PENDING"),
    },
  ],
  [1, "PATCH", "logged-models/<lmb@number@>/tags", { tags }],
  [1, "DELETE", "logged-models/<lmb@number@>/tags/team", {}],
  [1, "POST", "logged-models/<lma@number@>/params", { model_id: one(`<lma${NUMBER}>`), params: tags }],
  [
    1,
    "GET",
    "registered-models/search",
    {
      filter: one(`name LIKE '${MINE}%'`, `name ILIKE '${MINE} R%'`, `name LIKE '${MINE}%' AND tags.team = 'x'`),
      ...pages,
      order_by: one([], ["name DESC"], ["last_updated_timestamp DESC"]),
    },
  ],
  [
    3,
    "GET",
    "model-versions/search",
    {
      filter: one(
        `name = '${MINE} red'`,
        `name LIKE '${MINE}%'`,
        `name LIKE '${MINE}%' AND tags.team = 'x'`,
        `name LIKE '${MINE}%' AND run_id = '<run1>'`,
        `name LIKE '${MINE}%' AND source_path LIKE 's3%'`,
      ),
      ...pages,
    },
  ],
];

const step: fc.Arbitrary<Call> = fc.oneof(
  ...STEPS.map(([weight, method, path, fields]) => {
    const bodies = fc.oneof(
      { weight: 12, arbitrary: fc.record(fields) },
      { weight: 1, arbitrary: fc.record(fields, { requiredKeys: [] }) },
    );
    const arbitrary = bodies.map((body): Call => {
      const { made, ...own }: { made?: object } = body;
      const sent = { ...own, ...made };
      const to = { method, path: `/api/2.0/mlflow/${path}` };
      return method === "GET" ? { ...to, query: asQuery(sent) } : { ...to, body: sent };
    });
    return { weight, arbitrary };
  }),
);

/** Calls that happen one after the other, beginning with two models. */
export const registryLife: fc.Arbitrary<Call[]> = fc.array(step, { minLength: 20, maxLength: 30, size: "max" });

/** Each sequence has names and ids of its own. */
let lives = 0;

/** Makes the calls on both servers; each answer must be the same, and after each all that can be read of the models. */
export async function checkLife(pair: Pair, calls: readonly Call[]): Promise<void> {
  const number = String(lives++);
  const mine = (call: Call): Call =>
    JSON.parse(JSON.stringify(call).replaceAll(MINE, `life${number}`).replaceAll(NUMBER, number)) as Call;
  const done: Call[] = [];
  for (const side of [pair.theirs, pair.ours]) side.step = 0;
  try {
    await begin(pair, number);
    for (const call of [...BEGINNING, ...calls].map(mine)) {
      done.push(call);
      for (const side of [pair.theirs, pair.ours]) side.step = done.length;
      await checkSame(pair, call);
      for (const read of READS.map(mine)) await checkSame(pair, read);
    }
  } catch (error) {
    const text = done.map(({ method, path, query, body }) => `  ${method} ${path} ${JSON.stringify(query ?? body)}`);
    throw new Error(`After\n${text.join("\n")}\n${String(error)}`, { cause: error });
  } finally {
    for (const side of [pair.theirs, pair.ours]) side.step = undefined;
  }
}

const post = (path: string, body: object): Call => ({ method: "POST", path: `/api/2.0/mlflow/${path}`, body });
const get = (path: string, query: Call["query"] = []): Call => ({
  method: "GET",
  path: `/api/2.0/mlflow/${path}`,
  query,
});

/** Two models with versions: most steps find something. */
const BEGINNING: readonly Call[] = [
  post("registered-models/create", { name: `${MINE} red` }),
  post("registered-models/create", { name: `${MINE}_Blue%`, description: "blue" }),
  post("model-versions/create", { name: `${MINE} red`, source: `models:/<lma${NUMBER}>`, model_id: `<lma${NUMBER}>` }),
  post("model-versions/create", { name: `${MINE} red`, source: "s3://bucket/model", run_id: "<run1>" }),
  post("model-versions/create", { name: `${MINE}_Blue%`, source: "s3://bucket/model" }),
];

const READS: readonly Call[] = [
  get("registered-models/search", [["filter", `name LIKE '${MINE}%'`]]),
  get("model-versions/search", [
    ["filter", `name LIKE '${MINE}%'`],
    ["order_by", "name"],
    ["order_by", "version_number"],
  ]),
  get(`logged-models/<lma${NUMBER}>`),
  get(`logged-models/<lmb${NUMBER}>`),
];

/** Two logged models, whose ids are the servers' own. */
async function begin(pair: Pair, number: string): Promise<void> {
  for (const letter of ["a", "b"]) {
    const call = post("logged-models", { experiment_id: "1", name: `net ${letter}`, source_run_id: "<run0>" });
    for (const side of [pair.theirs, pair.ours]) {
      const { body } = await side.send(call);
      side.name(`lm${letter}${number}`, Object(body).model.info.model_id);
    }
  }
}
