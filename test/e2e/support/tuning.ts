import type { Store } from "../../../src/store/store.ts";

// The experiment of the first picture of the design: three kinds of models, a sweep with children, a failure, a run that goes on.

const HOUR = 3_600_000;

interface Made {
  name: string;
  model: string;
  rmse: number;
  age: number;
  params?: Record<string, string>;
  status?: "FINISHED" | "FAILED" | "RUNNING";
  parent?: string;
}

const RUNS: Made[] = [
  { name: "sweep-eta", model: "xgboost", rmse: 0.61, age: 0.2, status: "RUNNING" },
  ...[0.05, 0.1, 0.3].map(
    (eta, i): Made => ({
      ...{ name: `eta=${eta}`, model: "xgboost", rmse: 0.5571 + i * 0.03, age: 0.15 - i * 0.04, parent: "sweep-eta" },
      ...{ params: { eta: String(eta), max_depth: "8" }, status: i === 2 ? "RUNNING" : "FINISHED" },
    }),
  ),
  { name: "gentle-crane-512", model: "xgboost", rmse: 0.5612, age: 2, params: { eta: "0.08", max_depth: "6" } },
  { name: "bold-shrimp-87", model: "xgboost", rmse: Number.NaN, age: 3, params: { eta: "1.5" }, status: "FAILED" },
  { name: "rare-finch-655", model: "elasticnet", rmse: 0.7024, age: 26 },
  { name: "vaunted-swan-902", model: "elasticnet", rmse: 0.7391, age: 27 },
  { name: "clean-lark-777", model: "mlp", rmse: 0.6631, age: 5 },
];

/** Logs the experiment; the ids of its runs by name. */
export async function logTuning(store: Store, more = 0): Promise<{ experiment_id: string; ids: Map<string, string> }> {
  const { experiment_id } = await store.createExperiment({ name: "wine-quality", tags: [] });
  const ids = new Map<string, string>();
  const now = Date.now();
  const filler = Array.from(
    { length: more },
    (_, i): Made => ({
      ...{
        name: `filler-${i}`,
        model: ["mlp", "elasticnet", "xgboost"][i % 3] ?? "mlp",
        rmse: 0.9 + i / 1000,
        age: 40 + i,
      },
    }),
  );
  for (const { name, model, rmse, age, params = {}, status = "FINISHED", parent } of [...RUNS, ...filler]) {
    const start_time = now - Math.round(age * HOUR);
    const tags = [
      { key: "team", value: model === "mlp" ? "vision" : "tables" },
      ...(parent === undefined ? [] : [{ key: "mlflow.parentRunId", value: ids.get(parent) ?? "" }]),
    ];
    const { info } = await store.createRun({ experiment_id, run_name: name, start_time, tags });
    const { run_id } = info;
    ids.set(name, run_id);
    const all = Object.entries({ model, seed: "7", ...params }).map(([key, value]) => ({ key, value }));
    const metrics = Array.from({ length: 40 }, (_, step) => step).flatMap((step) => {
      const timestamp = start_time + step * 1000;
      const value =
        Number.isNaN(rmse) && step === 39 ? rmse : (Number.isNaN(rmse) ? 0.8 : rmse) + 1 / (step + 1) - 1 / 40;
      return [
        { key: "val_rmse", value, timestamp, step },
        { key: "val_r2", value: 1 - value * 0.75, timestamp, step },
      ];
    });
    await store.logBatch({ run_id, params: all, metrics, tags: [] });
    if (status !== "RUNNING") await store.updateRun({ run_id, status, end_time: start_time + 248_000 });
  }
  return { experiment_id, ids };
}
