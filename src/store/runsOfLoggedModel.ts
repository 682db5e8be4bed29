import type { LoggedModelRun, TrackingStore } from "./trackingStore.ts";

type Asked = Pick<TrackingStore, "searchRuns" | "getLoggedModel">;

/** Runs of one answer. */
const PAGE = 1000;

/**
 * The runs of a logged model, for a store that keeps no list of them: found among the latest runs of its experiment, at most
 * `pages` thousand. The run that it was logged by is told even if it is an older one.
 */
export function runsOfLoggedModelBySearch(store: Asked, pages: number): Pick<TrackingStore, "runsOfLoggedModel"> {
  return {
    async runsOfLoggedModel({ model_id }) {
      const { info } = await store.getLoggedModel({ model_id });
      const runs: LoggedModelRun[] = [];
      let page_token: string | undefined;
      for (let page = 0; page === 0 || (page < pages && page_token !== undefined); page += 1) {
        const found = await store.searchRuns({
          experiment_ids: [info.experiment_id],
          max_results: PAGE,
          run_view_type: "ALL",
          ...(page_token === undefined ? {} : { page_token }),
        });
        const isIt = (one: { model_id: string }) => one.model_id === model_id;
        for (const { info: run, inputs, outputs } of found.items) {
          if (outputs.model_outputs.some(isIt)) runs.push({ run_id: run.run_id, link: "output" });
          if (inputs.model_inputs.some(isIt)) runs.push({ run_id: run.run_id, link: "input" });
        }
        page_token = found.next_page_token;
      }
      const { source_run_id = "" } = info;
      const isKnown = runs.some(({ run_id, link }) => link === "output" && run_id === source_run_id);
      if (source_run_id !== "" && !isKnown) runs.unshift({ run_id: source_run_id, link: "output" });
      return { runs };
    },
  };
}
