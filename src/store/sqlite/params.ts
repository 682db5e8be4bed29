import type { KeyValue } from "../../mlflow/entities.ts";
import { pythonText } from "../../mlflow/pythonText.ts";
import { invalid } from "../validation.ts";
import type { Database } from "./database.ts";

/** Logs params inside a transaction. A param keeps its first value: another one is refused. */
export function paramWriter(db: Database): (run_id: string, params: KeyValue[]) => void {
  const insert = db.prepare<[string, string, string], unknown>(
    "INSERT INTO params (run_uuid, key, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const valueOf = db.prepare<[string, string], { value: string }>(
    "SELECT value FROM params WHERE run_uuid = ? AND key = ?",
  );
  return (run_id, params) => {
    const conflicts: string[] = [];
    for (const { key, value } of params) {
      if (insert.run(run_id, key, value).changes > 0) continue;
      const old = valueOf.get(run_id, key)?.value ?? "";
      if (old === value) continue;
      conflicts.push(`{'key': ${pythonText(key)}, 'old_value': ${pythonText(old)}, 'new_value': ${pythonText(value)}}`);
    }
    if (conflicts.length === 0) return;
    throw invalid(
      `Changing param values is not allowed. Params were already logged='[${conflicts.join(", ")}]' for run ID='${run_id}'.`,
    );
  };
}
