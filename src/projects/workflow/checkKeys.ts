import type { Problems } from "../problems.ts";
import { nearest } from "../spelling.ts";
import type { MapNode } from "../yamlTree.ts";

/** What people know from other workflow files. */
const OTHER_NAMES: Record<string, string> = {
  depends_on: "needs",
  dependencies: "needs",
  after: "needs",
  entrypoint: "entry_point",
  uses: "entry_point",
  with: "parameters",
  params: "parameters",
  args: "parameters",
  inputs: "parameters",
  retry: "retries",
  concurrency: "max_parallel",
  jobs: "steps",
  uri: "project",
  experiment: "experiment_name",
  attempts: "count",
};

/** An unknown key is an error: the file is ours, and what is passed over would be missed at run time. */
export function checkKeys(map: MapNode, known: readonly string[], what: string, problems: Problems): void {
  const present = map.entries.map(({ key }) => key.scalar.text);
  for (const { key } of map.entries) {
    const word = key.scalar.text;
    if (known.includes(word)) continue;
    const absent = known.filter((one) => !present.includes(one));
    const other = OTHER_NAMES[word.toLowerCase()];
    const meant = other !== undefined && absent.includes(other) ? other : nearest(word, absent);
    const told = meant === undefined ? `it has ${known.join(", ")}` : `\`${meant}\` seems to be meant`;
    const fixes = meant === undefined ? [] : [{ title: `Change to ${meant}`, range: key.range, newText: meant }];
    problems.error("unknown-key", `${what} has no key \`${word}\`; ${told}.`, key.range, fixes);
  }
}
