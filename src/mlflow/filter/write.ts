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
