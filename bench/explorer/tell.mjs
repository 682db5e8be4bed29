// How a figure of the panel alone is told.
import { digits } from "../support/compare.mjs";
import { median, record } from "../results.mjs";

/** Costs of the same thing, as CountedPage gives them. */
export function tellOurs(what, costs, goal) {
  const middle = (read) => median(costs.map(read));
  const [cpu, page, store] = [
    middle((cost) => cost.page + cost.answering),
    middle((cost) => cost.page),
    middle((cost) => cost.answering),
  ];
  const clock = costs.every((cost) => cost.since !== undefined || cost.clock !== undefined);
  record("explorer", what, {
    figure: `${digits(cpu)} ms (page ${digits(page)}, store ${digits(store)})`,
    clock: clock ? `${middle((cost) => cost.since ?? cost.clock).toFixed(0)} ms` : "",
    goal,
  });
}
