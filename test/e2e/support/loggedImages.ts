import type { Store } from "../../../src/store/store.ts";
import { writeArtifacts } from "./plainArtifacts.ts";
import { picture } from "./wine.ts";

const SIZE = 48;

/** What `mlflow.log_image("val/attention", step=…)` leaves of a run: a picture for each step, larger as the model learns. */
export async function logImages(store: Store, run_ids: string[], steps: number[]): Promise<void> {
  for (const [n, run_id] of run_ids.entries()) {
    const { artifact_uri } = (await store.getRun({ run_id })).info;
    const files = steps.map((step, i): [string, Uint8Array] => {
      const radius = SIZE * (0.15 + (0.3 * i) / steps.length);
      const away = (x: number, y: number) => Math.hypot(x - SIZE / 2 - n * 2, y - SIZE / 2 + n * 2) / radius;
      const paint = (x: number, y: number): [number, number, number] => {
        const heat = Math.max(0, 1 - away(x, y) / 2);
        return [Math.round(255 * heat), Math.round(180 * heat * heat), Math.round(90 * (1 - heat))];
      };
      const name = `images/val~attention+step+${step}+timestamp+${1_700_000_000_000 + step}+${n}${i}.png`;
      return [name, picture(SIZE, SIZE, paint)];
    });
    writeArtifacts(artifact_uri, Object.fromEntries(files));
  }
}
