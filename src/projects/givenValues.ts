import type { KeyValue } from "../mlflow/entities.ts";
import { shellUnquote } from "./shellQuote.ts";

/** The values that a run was started with, by its params: MLflow's own runner (3.17.2) logs each as it quotes it for the shell. */
export function givenValues(params: readonly KeyValue[]): Record<string, string> {
  return Object.fromEntries(params.map(({ key, value }) => [key, shellUnquote(value)]));
}
