import type { RunField } from "../../../src/protocol/runs.ts";
import type { StoreMethods } from "../../../src/store/store.ts";
import type { Vocabulary } from "./filters.ts";

// Runs that differ in everything a filter or an order can name, and the words for it.

const TEXTS = ["", "a", "A", "ab", "Ab%", "a_b", "é", "É", "😀", "\uffee", "10", "9", "x'y", "a\nb", "None", "1e-3"];
const VALUES = [0, 1, -1, 0.5, 3, 3, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-7];
const KEYS = ["a", "b", "key with space", "x/y"];
const STATUSES = ["FINISHED", "FAILED", "KILLED", "RUNNING"] as const;
const RUNS = 60;

/** Two experiments, 60 runs; a few of them deleted. */
export async function fillRows(store: StoreMethods): Promise<void> {
  await store.createExperiment({ name: "second" });
  for (let n = 0; n < RUNS; n++) {
    const pick = <T>(list: readonly T[], step: number) => list[(n * step + Math.floor(n / 7)) % list.length];
    const run = await store.createRun({
      experiment_id: String(n % 2),
      user_id: pick(["ada", "Bob", ""], 1) ?? "",
      start_time: 1_000 + (n % 9),
      run_name: pick(TEXTS, 5) || `run ${n}`,
    });
    const { run_id } = run.info;
    const logged = KEYS.filter((_, k) => (n + k) % 3 > 0);
    await store.logBatch({
      run_id,
      params: logged.map((key, k) => ({ key, value: pick(TEXTS, k + 2) ?? "" })),
      tags: logged.map((key, k) => ({ key, value: pick(TEXTS, k + 3) ?? "" })),
      metrics: logged.flatMap((key, k) =>
        [0, 1].map((step) => ({ key, value: pick(VALUES, k + step + 1) ?? 0, timestamp: 1_000 + step, step })),
      ),
    });
    if (n % 4 === 0) {
      const dataset = {
        name: pick(["wine", "iris"], 1) ?? "",
        digest: `d${n % 3}`,
        source_type: "local",
        source: "{}",
      };
      const tags = [{ key: "mlflow.data.context", value: pick(["train", "eval"], 3) ?? "" }];
      await store.logInputs({ run_id, datasets: [{ dataset, tags }], models: [] });
    }
    const status = STATUSES[n % STATUSES.length] ?? "RUNNING";
    if (status !== "RUNNING") await store.updateRun({ run_id, status, end_time: 2_000 + (n % 5) });
    if (n % 13 === 0) await store.deleteRun({ run_id });
  }
}

const attribute = ["", "attributes", "attribute", "run"];

export const ROW_WORDS: Vocabulary = {
  entities: [
    { words: ["metrics", "metric"], keys: [...KEYS, "nothing"], takes: ["number", "number"] },
    { words: ["params", "parameter"], keys: [...KEYS, "nothing"], takes: ["text", "null"] },
    { words: ["tags", "tag"], keys: [...KEYS, "mlflow.runName"], takes: ["text", "null"] },
    { words: attribute, keys: ["status", "run_name", "user_id"], takes: ["text"] },
    { words: attribute, keys: ["start_time", "end_time"], takes: ["number"] },
    { words: attribute, keys: ["run_id"], takes: ["text", "list"] },
    { words: ["dataset", "datasets"], keys: ["name", "digest", "context"], takes: ["text", "list"] },
  ],
  texts: [...TEXTS, ...STATUSES, "wine", "train", "d1", "ada", "%a%"],
};

/** What rows are sorted by, and how MLflow names it. */
export const ROW_ORDERS: { field: RunField; clause: string }[] = [
  ...KEYS.flatMap((key): { field: RunField; clause: string }[] => [
    { field: { kind: "metric", key }, clause: `metrics.\`${key}\`` },
    { field: { kind: "param", key }, clause: `params.\`${key}\`` },
    { field: { kind: "tag", key }, clause: `tags.\`${key}\`` },
  ]),
  ...(["status", "start_time", "end_time", "run_id", "run_name", "user_id"] as const).map((key) => ({
    field: { kind: "attribute" as const, key },
    clause: `attributes.${key}`,
  })),
];
