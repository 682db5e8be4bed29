import { filterByIds } from "../../../../mlflow/filter/write.ts";
import type { ExperimentHost } from "../../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../../protocol/rpc.ts";
import type { ByRun, FetchRuns } from "../../../ui/chart/runCache.ts";

interface Asked {
  key: string;
  answer: PromiseWithResolvers<ByRun<number>>;
}

/** Reads last values of metrics: charts that come on screen together ask one question together. */
export function latestReader(host: Pick<Remote<ExperimentHost>, "runValues">): FetchRuns<number> {
  let waiting = new Map<string, Asked[]>();
  const read = async (run_ids: string[], asked: Asked[]) => {
    const fields = asked.map(({ key }) => ({ kind: "metric" as const, key }));
    const query = { filter: filterByIds(run_ids), run_view_type: "ALL" as const, limit: run_ids.length, fields };
    const found = await host.runValues(query);
    for (const [at, { answer }] of asked.entries()) {
      const column = found.columns[at];
      const logged = (i: number) => column?.kind === "number" && column.logged[i] === 1;
      const valueOf = (i: number) => (column?.kind === "number" ? (column.values[i] ?? Number.NaN) : Number.NaN);
      answer.resolve(new Map(found.run_ids.flatMap((id, i) => (logged(i) ? [[id, valueOf(i)] as const] : []))));
    }
  };
  const readAll = () => {
    const all = waiting;
    waiting = new Map();
    for (const [ids, asked] of all) {
      read(JSON.parse(ids) as string[], asked).catch((error: unknown) => {
        for (const { answer } of asked) answer.reject(error);
      });
    }
  };
  return (key, run_ids) => {
    if (waiting.size === 0) setTimeout(readAll);
    const ids = JSON.stringify(run_ids);
    const answer = Promise.withResolvers<ByRun<number>>();
    waiting.set(ids, [...(waiting.get(ids) ?? []), { key, answer }]);
    return answer.promise;
  };
}
