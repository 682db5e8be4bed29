// One row of a table: what each server took for the same thing.
import { record } from "../results.mjs";

/**
 * `figures` by server name, each as `measure` gives it; `goal` as text, such as "≥ 25×"; `same` tells in a few words how our answer compares
 * with mlflow's.
 */
export function recordRow(bench, what, figures, { goal = "", same = "" } = {}) {
  const { flowdeck, mlflow, fasttrackml } = figures;
  record(bench, what, {
    Flowdeck: told(flowdeck),
    mlflow: told(mlflow),
    "× mlflow": ratio(mlflow, flowdeck),
    FastTrackML: told(fasttrackml),
    "× FastTrackML": ratio(fasttrackml, flowdeck),
    goal,
    answers: same,
  });
}

/** CPU time a request, and the time by the clock in parentheses. */
function told(figure) {
  if (figure === undefined) return "";
  if (figure.failure !== undefined) return figure.failure.slice(0, 60);
  return `${digits(figure.cpu)} ms (${digits(figure.wall)})`;
}

function ratio(other, ours) {
  if (other?.cpu === undefined || ours?.cpu === undefined) return "";
  return `${digits(other.cpu / ours.cpu)}×`;
}

export function digits(number) {
  return number >= 100 ? number.toFixed(0) : number >= 10 ? number.toFixed(1) : number.toFixed(2);
}
