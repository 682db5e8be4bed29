import { useState } from "preact/hooks";
import type { DatasetInput } from "../../../mlflow/entities.ts";
import { LinkButton } from "../../ui/controls.tsx";
import { countOf } from "../../ui/format.ts";
import { datasetColumns, datasetProfile, datasetText } from "./facts.ts";

/** Columns that are named at once. */
const FIRST = 20;

/** A dataset: name, use and size; unfolded its columns and what its profile tells. */
export function DatasetFact({ input }: { input: DatasetInput }) {
  const [unfolded, setUnfolded] = useState(false);
  const { name, about } = datasetText(input);
  const { dataset } = input;
  return (
    <>
      <dt class="dim">Dataset</dt>
      <dd title={`${name} ${dataset.digest}`} class={unfolded ? "" : "cut"}>
        <LinkButton expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
          {name}
        </LinkButton>
        <span class="dim num"> {about}</span>
        {unfolded ? <Details dataset={dataset} /> : null}
      </dd>
    </>
  );
}

function Details({ dataset }: { dataset: DatasetInput["dataset"] }) {
  const columns = datasetColumns(dataset);
  const profile = datasetProfile(dataset);
  const told = [
    { name: "digest", value: dataset.digest },
    { name: "source", value: `${dataset.source_type} ${dataset.source}` },
    ...profile,
  ];
  return (
    <table class="compact details">
      <tbody>
        {told.map(({ name, value }) => (
          <tr key={name}>
            <th scope="row" class="dim">
              {name}
            </th>
            <td title={value}>{value}</td>
          </tr>
        ))}
        {columns.slice(0, FIRST).map(({ name, type }, i) => (
          <tr key={`column ${i}`}>
            <th scope="row" title={name}>
              {name || i + 1}
            </th>
            <td class="mono">{type}</td>
          </tr>
        ))}
        {columns.length > FIRST ? (
          <tr>
            <th scope="row" class="dim">
              and {countOf(columns.length - FIRST, "column")} more
            </th>
            <td />
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}
