import { useState } from "preact/hooks";
import type { ModelEnvironment, ModelFile } from "../../mlflow/modelFile.ts";
import { Icon, LinkButton } from "./controls.tsx";
import { countOf, formatBytes } from "./format.ts";
import { paramRows, schemaRows, type SignatureRow } from "./signatureRows.ts";

interface Props {
  file: ModelFile;
  /** Absent while it is not known. */
  environment: ModelEnvironment | undefined;
  /** Opens a file below the model. */
  open: (path: string) => void;
}

/** What an MLmodel says: flavors, signature, environment, size, and what the selected interpreter has otherwise. */
export function ModelFacts({ file, environment, open }: Props) {
  const { model_id, size, mlflow_version, input_example } = file;
  const python = file.environment.python_version;
  return (
    <>
      <dl class="facts">
        <dt class="dim">Flavors</dt>
        <dd>{flavorText(file)}</dd>
        <Fact name="Model ID" value={model_id} class="mono id" />
        <Fact name="Size" value={size === undefined ? undefined : formatBytes(size)} class="num" />
        <Fact name="mlflow" value={mlflow_version} class="num" />
        <Fact name="Python" value={python} class="num" />
        {input_example === undefined ? null : (
          <>
            <dt class="dim">Example</dt>
            <dd>
              <FileLinks
                files={[input_example.artifact_path, input_example.serving_input_path].filter(
                  (one) => one !== undefined,
                )}
                open={open}
              />
            </dd>
          </>
        )}
        {environment === undefined || environment.files.length === 0 ? null : (
          <>
            <dt class="dim">Environment</dt>
            <dd>
              <FileLinks files={environment.files} open={open} />
            </dd>
          </>
        )}
      </dl>
      <Mismatches environment={environment} />
      <SignatureParts file={file} />
    </>
  );
}

export function flavorText({ flavors }: ModelFile): string {
  const texts = flavors.map(({ name, version }) => (version === undefined ? name : `${name} ${version}`));
  return texts.length === 0 ? "none" : texts.join(" · ");
}

function Fact({ name, value, class: extra }: { name: string; value: string | undefined; class: string }) {
  if (value === undefined) return null;
  return (
    <>
      <dt class="dim">{name}</dt>
      <dd class={`cut ${extra}`} title={value}>
        {value}
      </dd>
    </>
  );
}

function FileLinks({ files, open }: { files: string[]; open: (path: string) => void }) {
  return (
    <>
      {files.map((path) => (
        <span key={path} class="fileLink cut" title={path}>
          <LinkButton onClick={() => open(path)}>{path}</LinkButton>
        </span>
      ))}
    </>
  );
}

/** More are behind a link. */
const FIRST_MISMATCHES = 3;

/** What loads a model otherwise than it was logged. */
export function Mismatches({ environment }: { environment: ModelEnvironment | undefined }) {
  const [all, setAll] = useState(false);
  const mismatches = environment?.mismatches ?? [];
  if (mismatches.length === 0) return null;
  const shown = all || mismatches.length <= FIRST_MISMATCHES + 1 ? mismatches : mismatches.slice(0, FIRST_MISMATCHES);
  return (
    <ul class="mismatches" aria-label="Environment" title={environment?.python}>
      {shown.map(({ name, text }) => (
        <li key={name}>
          <Icon name="warning" class="warn" />
          <span class="warnText">{text}.</span>
        </li>
      ))}
      {shown.length < mismatches.length ? (
        <li>
          <LinkButton onClick={() => setAll(true)}>{mismatches.length - shown.length} more</LinkButton>
        </li>
      ) : null}
    </ul>
  );
}

function SignatureParts({ file: { signature } }: { file: ModelFile }) {
  if (signature === undefined)
    return <p class="dim noSignature">No signature was logged, so what the model takes is not known.</p>;
  const { inputs, outputs, params = [], unread = [] } = signature;
  return (
    <>
      {unread.length === 0 ? null : (
        <p class="warnText noSignature">
          The signature's {unread.join(" and ")} cannot be read, so MLflow cannot load it.
        </p>
      )}
      <Rows title="Inputs" unit={unitOf(inputs?.kind)} rows={inputs === undefined ? [] : schemaRows(inputs)} />
      <Rows title="Output" unit={unitOf(outputs?.kind)} rows={outputs === undefined ? [] : schemaRows(outputs)} />
      <Rows title="Params" unit="param" rows={paramRows(params)} />
    </>
  );
}

function unitOf(kind: "columns" | "tensors" | undefined): string {
  return kind === "tensors" ? "tensor" : "column";
}

const FIRST_ROWS = 12;

function Rows({ title, unit, rows }: { title: string; unit: string; rows: SignatureRow[] }) {
  const [all, setAll] = useState(false);
  if (rows.length === 0) return null;
  const shown = all || rows.length <= FIRST_ROWS + 1 ? rows : rows.slice(0, FIRST_ROWS);
  return (
    <section aria-label={`${title} of the signature`}>
      <h3 class="columnsTitle">
        <span class="strong">{title}</span>{" "}
        <span class="dim num">{countOf(rows.filter(({ depth }) => depth === 0).length, unit)}</span>
      </h3>
      <table class="compact signature">
        <tbody>
          {shown.map(({ name, isPlace, type, about, depth }, i) => (
            <tr key={i}>
              <th scope="row" class={`cut depth${depth} ${isPlace ? "dim" : ""}`} title={name}>
                {name}
              </th>
              <td class="mono type cut" title={type}>
                {type}
              </td>
              <td class="dim cut" title={about}>
                {about}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < rows.length ? (
        <LinkButton onClick={() => setAll(true)}>{rows.length - shown.length} more</LinkButton>
      ) : null}
    </section>
  );
}
