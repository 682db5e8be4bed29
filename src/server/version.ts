import { existsSync, readFileSync } from "node:fs";
import { MLFLOW_VERSION } from "../mlflow/api.generated.ts";

/** Flowdeck's version, from the package.json above the sources or the bundle. */
export function readVersion(): string {
  for (const place of ["../package.json", "../../package.json"]) {
    const file = new URL(place, import.meta.url);
    if (!existsSync(file)) continue;
    const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof manifest === "object" && manifest !== null && "version" in manifest) return String(manifest.version);
  }
  return "0.0.0";
}

/** Flowdeck's version and the MLflow whose API it speaks, for a person: `0.1.0 (MLflow 3.17.2)`. */
export function describeVersion(): string {
  return `${readVersion()} (MLflow ${MLFLOW_VERSION})`;
}

/** Whether version `a` comes before `b`; what follows a dash is not looked at. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function numbers(version: string): number[] {
  return version.replace(/-.*$/s, "").split(".").map(Number);
}
