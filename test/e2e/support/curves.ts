import { openStore, storeUri } from "../../../src/store/open.ts";
import { randomFrom } from "../../support/random.ts";

/** Steps of the runs with long curves, and of the others. */
const STEPS = 300;
const FEW = 30;

const BEGAN = Date.UTC(2026, 10, 20, 9);

/** Runs of a search for the best parameters, as the pictures of `../shared/design` have them. */
export async function createCurves(
  database: string,
  count: number,
  long = 12,
): Promise<{ experiment_id: string; run_ids: string[] }> {
  const { next: random } = randomFrom(7);
  const noise = () => random() + random() + random() - 1.5;
  const store = openStore(storeUri(database));
  const { experiment_id } = await store.createExperiment({ name: "wine-quality" });
  const run_ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const model = ["xgboost", "elasticnet", "mlp"][n % 7 < 4 ? 0 : n % 7 < 6 ? 1 : 2] ?? "mlp";
    const eta = Number((10 ** (-2 + 2 * random())).toPrecision(2));
    const depth = 2 + Math.floor(random() * 11);
    const subsample = (5 + Math.floor(random() * 6)) / 10;
    const away = Math.log10(eta / 0.06) ** 2 * 0.1 + ((depth - 7.5) / 8) ** 2 * 0.12;
    const best = 0.555 + away + 0.02 * Math.abs(noise()) + (model === "xgboost" ? 0 : 0.12);
    const start_time = BEGAN + n * 240_000;
    const running = n === count - 3;
    const { info } = await store.createRun({
      experiment_id,
      run_name: `${model === "xgboost" ? "eta" : model}=${eta}`,
      start_time,
    });
    const { run_id } = info;
    run_ids.push(run_id);
    const steps = n >= count - long ? (running ? STEPS / 2 : STEPS) : FEW;
    const metrics = [];
    for (let step = 0; step < steps; step++) {
      const at = step * (STEPS / steps);
      const falling = Math.exp(-at / (25 + depth * 3));
      const timestamp = start_time + 2000 + step * 700;
      const point = (key: string, value: number) => metrics.push({ key, value, step, timestamp });
      point("val_rmse", best + 0.6 * falling + 0.01 * noise());
      point(
        "train_rmse",
        n === count - 2 && step === 60 ? Number.NaN : 0.02 + (0.9 - away) * falling * (1 + 0.1 * noise()),
      );
      if (step % 10 === 0) point("system/cpu_utilization_percentage", 60 + 30 * Math.sin(at / 20) + 4 * noise());
    }
    metrics.push({ key: "val_r2", value: 1.15 - best, step: 0, timestamp: start_time });
    const params = { model, eta: String(eta), max_depth: String(depth), subsample: String(subsample) };
    await store.logBatch({
      run_id,
      metrics,
      params: Object.entries(params).map(([key, value]) => ({ key, value })),
      tags: [],
    });
    if (!running) await store.updateRun({ run_id, status: "FINISHED", end_time: start_time + steps * 700 });
  }
  store.close();
  return { experiment_id, run_ids };
}
