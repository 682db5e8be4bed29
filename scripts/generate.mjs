// Writes src/mlflow/api.generated.ts from an installed mlflow. `node scripts/generate.mjs [output]`.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "flowdeck");
const python = process.env.FLOWDECK_PYTHON ?? join(cache, "python-mlflow-3.17.2/bin/python");
const output = resolve(process.argv[2] ?? join(root, "src/mlflow/api.generated.ts"));

if (!existsSync(python)) {
  console.error(
    `No Python with mlflow 3.17.2 at ${python}: run npm test once, or set FLOWDECK_PYTHON to an interpreter that has it.`,
  );
  process.exit(2);
}
const { status } = spawnSync(python, [join(root, "scripts/generateApi.py"), output], { stdio: "inherit" });
process.exit(status ?? 1);
