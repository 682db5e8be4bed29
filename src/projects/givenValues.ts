import type { KeyValue } from "../mlflow/entities.ts";
import { shellUnquote } from "./shellQuote.ts";

/** On a run whose params stand as they were given although one of them looks quoted: `raw`. Others need no tag. */
export const PARAM_QUOTING_TAG = "flowdeck.paramQuoting";

/** What a run has logged. */
interface Logged {
  params: readonly KeyValue[];
  tags: readonly KeyValue[];
}

/** The values that a run was started with, by its params: MLflow's own runner (3.17.2) logs each as it quotes it for the shell. */
export function givenValues({ params, tags }: Logged): Record<string, string> {
  const isRaw = tags.some(({ key, value }) => key === PARAM_QUOTING_TAG && value === "raw");
  return Object.fromEntries(params.map(({ key, value }) => [key, isRaw ? value : shellUnquote(value)]));
}

/** Whether a value that is logged as it was given would be taken for one in quotes. */
export function looksQuoted(value: string): boolean {
  return shellUnquote(value) !== value;
}
