import { RUN_TAG } from "../entities.ts";

// Parts of searches that programs write, in the language that parse.ts reads.

/** A key in MLflow's filter language: bare when it is a word, else in back quotes, or in double quotes when it holds one. */
export function quotedKey(key: string): string {
  if (/^[A-Za-z_]\w*$/.test(key)) return key;
  return key.includes("`") ? `"${key}"` : `\`${key}\``;
}

/** The search that finds runs by id, wherever they stand (MLflow allows `IN` on `run_id`). */
export function filterByIds(run_ids: readonly string[]): string {
  return `attributes.run_id IN (${run_ids.map((id) => `'${id.replaceAll("'", "")}'`).join(", ")})`;
}

/** The search for the runs directly below a run. */
export function filterByParent(run_id: string): string {
  return `tags.\`${RUN_TAG.parentRunId}\` = '${run_id.replaceAll("'", "")}'`;
}

/** A text as a value; undefined for one with both kinds of quotes, which the language (mlflow 3.17.2) cannot say. */
export function textValue(text: string): string | undefined {
  const quote = text.includes("'") ? '"' : "'";
  return text.includes(quote) ? undefined : `${quote}${text}${quote}`;
}
