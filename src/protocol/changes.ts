/**
 * What a store tells when its content changed, whoever wrote it. A hint: views read again what they show.
 * Empty lists and false mean "not touched, as far as can be told"; `everything` means that the file was
 * replaced, or could not be read for a moment.
 */
export interface StoreChange {
  everything: boolean;
  /** Experiments with new or changed runs, tags or names. */
  experiment_ids: string[];
  /** Runs with new metric points, params, tags, or another status. */
  run_ids: string[];
  /** Registered models, versions or logged models changed. */
  models: boolean;
}

/** Anything may be another than before. */
export const EVERYTHING: StoreChange = { everything: true, experiment_ids: [], run_ids: [], models: true };

/** Two changes told as one. */
export function mergedChange(a: StoreChange, b: StoreChange): StoreChange {
  return {
    everything: a.everything || b.everything,
    experiment_ids: [...new Set([...a.experiment_ids, ...b.experiment_ids])],
    run_ids: [...new Set([...a.run_ids, ...b.run_ids])],
    models: a.models || b.models,
  };
}
