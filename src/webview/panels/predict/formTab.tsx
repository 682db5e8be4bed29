import type { FieldSpec } from "../../../mlflow/signature/fields.ts";
import { exampleOf, isPlain } from "../../../mlflow/signature/takes.ts";
import type { ParamSpec, TensorSpec } from "../../../mlflow/signature/types.ts";
import { paramWords, tensorWords, typeWords } from "../../../mlflow/signature/words.ts";
import { IconButton } from "../../ui/controls.tsx";
import { textNamed } from "./draft.ts";
import { FieldControl, FieldProblem, wrongOf } from "./field.tsx";
import { columnWidth, fieldWidth, isLongField } from "./labels.ts";
import type { Props } from "./props.ts";

export function FormTab(props: Props) {
  const { model } = props;
  const schema = model.signature.value?.inputs;
  const params = model.signature.value?.params ?? [];
  return (
    <div class="formTab">
      {schema?.kind === "tensors" ? <Tensors {...props} specs={schema.tensors} /> : <Row {...props} />}
      {params.length === 0 ? null : (
        <>
          <h2 class="paramsTitle">Params</h2>
          <div class="fields" style={columnsFor(params.map((spec) => lookOfParam(spec).width))}>
            {params.map((spec, at) => (
              <ParamField key={spec.name} {...props} {...{ spec, at }} />
            ))}
          </div>
        </>
      )}
    </div>
  );
}

function Row(props: Props) {
  const { model } = props;
  const fields = model.fields.value;
  const { rows } = model.shown.value;
  const row = model.row.value;
  if (fields.length === 0) return <NoFields {...props} />;
  const from = model.signature.value?.inputs === undefined ? "no signature was logged" : "from the model's signature";
  return (
    <>
      <div class="row rowBar">
        <IconButton icon="chevron-left" label="Previous row (Alt ←)" onClick={() => model.move(-1)} />
        <span class="num rowCount" role="status">
          Row {row + 1} of {rows.length}
        </span>
        <IconButton icon="chevron-right" label="Next row (Alt →)" onClick={() => model.move(1)} />
        <IconButton icon="add" label="Add a row like this one" onClick={model.addRow} />
        {rows.length > 1 ? (
          <IconButton icon="trash" label="Remove this row" onClick={() => model.removeRow(row)} />
        ) : null}
        <span class="dim small cut grow from">{from}</span>
      </div>
      <div class="fields" style={columnsFor(fields.map((field) => lookOf(field).width))}>
        {fields.map((field, column) => (
          <Field key={field.name} {...props} {...{ field, row, column }} />
        ))}
      </div>
    </>
  );
}

function NoFields({ model }: Props) {
  const found = model.asked.value;
  if (found === undefined) return <p class="dim noFields">Reading what the model takes…</p>;
  return (
    <p class="noFields dim">
      {found.problem ??
        "The model was logged without a signature, so what it takes is not known; write the request as JSON."}
    </p>
  );
}

interface Look {
  /** Its text has lines of its own below the name. */
  isWide: boolean;
  isText: boolean;
  words: string;
  /** Px; 0 of what has lines of its own. */
  width: number;
}

function lookOf({ name, value: type, required }: FieldSpec): Look {
  const isWide = !isPlain(type) && type.type !== "any";
  const isText = ["string", "datetime", "binary", "any"].includes(type.type);
  const words = `${typeWords(type)}${required ? "" : "?"}`;
  return { isWide, isText, words, width: isWide ? 0 : fieldWidth(name, words, isText) };
}

function lookOfParam(spec: ParamSpec): Look {
  const isWide = spec.value.type === "object";
  const isText = spec.value.type === "string" || spec.shape !== undefined;
  const words = paramWords(spec);
  return { isWide, isText, words, width: isWide ? 0 : fieldWidth(spec.name, words, isText) };
}

function columnsFor(widths: readonly number[]): Record<string, string> {
  return { "--column": `${columnWidth(widths)}px` };
}

function Field({ model, field, row, column }: Props & { field: FieldSpec; row: number; column: number }) {
  const { name, value: type, required } = field;
  const text = model.shown.value.rows[row]?.[column] ?? "";
  const problem = model.read.value.problems.find(
    (one) => one.column === name && (one.row === undefined || one.row === row),
  )?.text;
  const problemId = `problem-column-${column}`;
  const set = (next: string) => model.setCell(row, column, next);
  const { isWide, isText, words, width } = lookOf(field);
  const isDate = type.type === "datetime";
  return (
    <div class={boxClass({ isWide, isText, width, isDate })}>
      <label class="fieldRow">
        <span class="fieldName">
          <span class="cut" title={name}>
            {name}
          </span>{" "}
          <code class="type" title={`${typeWords(type)}, ${required ? "required" : "optional"}`}>
            {words}
          </code>
        </span>
        <FieldControl
          {...{ name, text, set, problem, problemId, isWide }}
          type={type.type}
          required={required}
          example={exampleOf(type)}
          choices={type.type === "string" ? (model.choices.value.get(name) ?? []) : []}
        />
      </label>
      <FieldProblem id={problemId} problem={problem} />
    </div>
  );
}

/** Of a field with its name and what is wrong with it. */
function boxClass({ isWide, isText, width, isDate = false }: Omit<Look, "words"> & { isDate?: boolean }): string {
  const parts = [isWide && "wide", isText && "text", (isDate || isLongField(width)) && "whole", isDate && "date"];
  return ["fieldBox", ...parts.filter((part) => part !== false)].join(" ");
}

function ParamField({ model, spec, at }: Props & { spec: ParamSpec; at: number }) {
  const { name, value: type, shape } = spec;
  const text = textNamed(model.shown.value.params, name);
  const problem = model.read.value.problems.find((one) => one.param === name)?.text;
  const problemId = `problem-param-${at}`;
  const { isWide, isText, words, width } = lookOfParam(spec);
  const otherwise = spec.default === "null" ? "none" : spec.default.replaceAll(/^"|"$/g, "");
  return (
    <div class={boxClass({ isWide, isText, width })}>
      <label class="fieldRow">
        <span class="fieldName">
          <span class="cut" title={name}>
            {name}
          </span>{" "}
          <code class="type" title={`${words}, default ${spec.default}`}>
            {words}
          </code>
        </span>
        <FieldControl
          {...{ name, text, problem, problemId, isWide }}
          set={(next) => model.setParam(name, next)}
          type={shape === undefined ? type.type : "list"}
          required={false}
          example={exampleOf(type)}
          placeholder={otherwise}
        />
      </label>
      <FieldProblem id={problemId} problem={problem} />
    </div>
  );
}

function Tensors({ model, specs }: Props & { specs: readonly TensorSpec[] }) {
  return (
    <div class="fields">
      {specs.map((spec, at) => {
        const name = spec.name ?? "";
        const text = textNamed(model.shown.value.tensors, name);
        const problem = model.read.value.problems.find(({ column }) => column === name)?.text;
        const problemId = `problem-tensor-${at}`;
        const label = spec.name ?? "input";
        return (
          <div key={name} class="fieldBox wide">
            <label class="fieldRow">
              <span class="fieldName">
                <span class="cut">{label}</span> <code class="type">{tensorWords(spec)}</code>
              </span>
              <textarea
                class={`plainField fieldInput ${problem === undefined ? "" : "wrong"}`}
                aria-label={label}
                {...wrongOf(problem, problemId)}
                spellcheck={false}
                rows={Math.min(16, Math.max(4, text.split("\n").length))}
                placeholder="[[0.5, 1.5]]"
                value={text}
                onInput={(event) => model.setTensor(name, event.currentTarget.value)}
              />
            </label>
            <FieldProblem id={problemId} problem={problem} />
          </div>
        );
      })}
    </div>
  );
}
