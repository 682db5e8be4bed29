import type { ModelColumn, ModelFile } from "../../../mlflow/modelFile.ts";
import { useState } from "preact/hooks";
import { LinkButton } from "../controls.tsx";
import { countOf, formatBytes } from "../format.ts";
import type { ViewerProps } from "./viewer.tsx";
import { useWhole } from "./whole.ts";

/** An MLmodel: flavors, signature, size. */
export function MlmodelViewer({ reader, version, fail }: ViewerProps) {
  const model = useWhole(() => reader.access.model({ path: reader.path }), version, fail);
  if (model === undefined) return null;
  const folder = reader.path.split("/").slice(0, -1).join("/");
  return (
    <div class="mlmodel" tabIndex={0} role="region" aria-label={reader.path}>
      <ModelFacts model={model} onExample={(path) => reader.access.open(folder === "" ? path : `${folder}/${path}`)} />
    </div>
  );
}

function ModelFacts({ model, onExample }: { model: ModelFile; onExample: (path: string) => void }) {
  const { flavors, model_id, size, mlflow_version, signature, input_example } = model;
  const flavorText = flavors.map(({ name, version }) => (version === undefined ? name : `${name} ${version}`));
  return (
    <>
      <dl class="facts">
        <dt class="dim">Flavors</dt>
        <dd>{flavorText.length === 0 ? "none" : flavorText.join(" · ")}</dd>
        {model_id === undefined ? null : (
          <>
            <dt class="dim">Model ID</dt>
            <dd class="mono id cut" title={model_id}>
              {model_id}
            </dd>
          </>
        )}
        {size === undefined ? null : (
          <>
            <dt class="dim">Size</dt>
            <dd class="num">{formatBytes(size)}</dd>
          </>
        )}
        {mlflow_version === undefined ? null : (
          <>
            <dt class="dim">mlflow</dt>
            <dd class="num">{mlflow_version}</dd>
          </>
        )}
        {input_example === undefined ? null : (
          <>
            <dt class="dim">Example</dt>
            <dd class="cut">
              <LinkButton onClick={() => onExample(input_example)}>{input_example}</LinkButton>
            </dd>
          </>
        )}
      </dl>
      {signature === undefined ? (
        <p class="dim noSignature">No signature was logged, so what the model takes is not known.</p>
      ) : (
        <>
          <Columns title="Inputs" columns={signature.inputs} />
          <Columns title="Output" columns={signature.outputs} />
          <Columns title="Params" columns={signature.params} />
        </>
      )}
    </>
  );
}

const FIRST = 12;

function Columns({ title, columns }: { title: string; columns: ModelColumn[] }) {
  const [all, setAll] = useState(false);
  if (columns.length === 0) return null;
  const shown = all || columns.length <= FIRST + 1 ? columns : columns.slice(0, FIRST);
  return (
    <section aria-label={title}>
      <h3 class="columnsTitle">
        <span class="strong">{title}</span> <span class="dim num">{countOf(columns.length, "column")}</span>
      </h3>
      <table class="compact signature">
        <tbody>
          {shown.map(({ name, type, required, default: otherwise }, i) => (
            <tr key={i}>
              <th scope="row" class="cut" title={name}>
                {name ?? <span class="dim">{i + 1}</span>}
              </th>
              <td class="mono type cut" title={type}>
                {type}
              </td>
              <td class="dim">
                {otherwise !== undefined ? `default ${otherwise}` : required ? "required" : "optional"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < columns.length ? (
        <LinkButton onClick={() => setAll(true)}>{columns.length - shown.length} more</LinkButton>
      ) : null}
    </section>
  );
}
