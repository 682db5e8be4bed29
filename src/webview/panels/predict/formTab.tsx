import { useRef } from "preact/hooks";
import type { FieldSpec } from "../../../mlflow/signature/fields.ts";
import { exampleOf, isPlain } from "../../../mlflow/signature/takes.ts";
import type { ParamSpec, TensorSpec } from "../../../mlflow/signature/types.ts";
import { paramWords, tensorWords, typeWords } from "../../../mlflow/signature/words.ts";
import { IconButton } from "../../ui/controls.tsx";
import { textNamed } from "./draft.ts";
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
            {params.map((spec) => (
              <ParamField key={spec.name} {...props} spec={spec} />
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
  const isWrong = model.read.value.problems.some(
    (one) => one.column === name && (one.row === undefined || one.row === row),
  );
  const set = (next: string) => model.setCell(row, column, next);
  const { isWide, isText, words, width } = lookOf(field);
  const isDate = type.type === "datetime";
  return (
    <label
      class={`fieldRow ${isWide ? "wide" : ""} ${isText ? "text" : ""} ${isDate || isLongField(width) ? "whole" : ""} ${isDate ? "date" : ""}`}
    >
      <span class="fieldName">
        <span class="cut" title={name}>
          {name}
        </span>{" "}
        <code class="type" title={`${typeWords(type)}, ${required ? "required" : "optional"}`}>
          {words}
        </code>
      </span>
      <FieldControl
        {...{ name, text, set, isWrong, isWide }}
        type={type.type}
        required={required}
        example={exampleOf(type)}
        choices={type.type === "string" ? (model.choices.value.get(name) ?? []) : []}
      />
    </label>
  );
}

interface ControlProps {
  name: string;
  text: string;
  set: (text: string) => void;
  isWrong: boolean;
  /** Lists and objects are written as JSON, over several lines. */
  isWide: boolean;
  type: string;
  required: boolean;
  example: string;
  placeholder?: string;
  choices?: readonly string[];
}

function FieldControl({
  name,
  text,
  set,
  isWrong,
  isWide,
  type,
  required,
  example,
  placeholder,
  choices = [],
}: ControlProps) {
  const picker = useRef<HTMLInputElement>(null);
  const shared = {
    "aria-label": name,
    "aria-invalid": isWrong,
    class: `plainField fieldInput ${isWrong ? "wrong" : ""}`,
  };
  if (type === "boolean" && ["", "true", "false"].includes(text.toLowerCase())) {
    return (
      <select {...shared} value={text.toLowerCase()} onChange={(event) => set(event.currentTarget.value)}>
        {["", "true", "false"].map((option) => (
          <option key={option} value={option} selected={option === text.toLowerCase()}>
            {option === "" ? (placeholder ?? (required ? "choose" : "not given")) : option}
          </option>
        ))}
      </select>
    );
  }
  if (isWide) {
    return (
      <textarea
        {...shared}
        spellcheck={false}
        rows={Math.min(8, Math.max(2, text.split("\n").length))}
        placeholder={placeholder ?? example}
        value={text}
        onInput={(event) => set(event.currentTarget.value)}
      />
    );
  }
  const isNumber = ["integer", "long", "float", "double"].includes(type);
  const input = (
    <input
      {...shared}
      type="text"
      list={choices.length > 0 ? `choices ${name}` : undefined}
      inputMode={isNumber ? "decimal" : "text"}
      spellcheck={false}
      autocomplete="off"
      placeholder={placeholder ?? (required ? "" : "not given")}
      value={text}
      onInput={(event) => set(event.currentTarget.value)}
    />
  );
  if (choices.length > 0) {
    return (
      <>
        {input}
        <datalist id={`choices ${name}`}>
          {choices.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      </>
    );
  }
  if (type !== "datetime") return input;
  return (
    <span class="dateField">
      {input}
      <IconButton
        icon="calendar"
        label={`Choose a date for ${name}`}
        onClick={(event) => {
          event.preventDefault();
          picker.current?.showPicker();
        }}
      />
      <input
        type="date"
        class="hiddenDate"
        tabIndex={-1}
        aria-hidden="true"
        ref={picker}
        value={text.slice(0, 10)}
        onInput={(event) => set(`${event.currentTarget.value}${text.slice(10)}`)}
      />
    </span>
  );
}

function ParamField({ model, spec }: Props & { spec: ParamSpec }) {
  const { name, value: type, shape } = spec;
  const text = textNamed(model.shown.value.params, name);
  const isWrong = model.read.value.problems.some((one) => one.param === name);
  const { isWide, isText, words, width } = lookOfParam(spec);
  const otherwise = spec.default === "null" ? "none" : spec.default.replaceAll(/^"|"$/g, "");
  return (
    <label class={`fieldRow ${isWide ? "wide" : ""} ${isText ? "text" : ""} ${isLongField(width) ? "whole" : ""}`}>
      <span class="fieldName">
        <span class="cut" title={name}>
          {name}
        </span>{" "}
        <code class="type" title={`${words}, default ${spec.default}`}>
          {words}
        </code>
      </span>
      <FieldControl
        {...{ name, text, isWrong, isWide }}
        set={(next) => model.setParam(name, next)}
        type={shape === undefined ? type.type : "list"}
        required={false}
        example={exampleOf(type)}
        placeholder={otherwise}
      />
    </label>
  );
}

function Tensors({ model, specs }: Props & { specs: readonly TensorSpec[] }) {
  return (
    <div class="fields">
      {specs.map((spec) => {
        const name = spec.name ?? "";
        const text = textNamed(model.shown.value.tensors, name);
        const isWrong = model.read.value.problems.some(({ column }) => column === name);
        const label = spec.name ?? "input";
        return (
          <label key={name} class="fieldRow wide">
            <span class="fieldName">
              <span class="cut">{label}</span> <code class="type">{tensorWords(spec)}</code>
            </span>
            <textarea
              class={`plainField fieldInput ${isWrong ? "wrong" : ""}`}
              aria-label={label}
              aria-invalid={isWrong}
              spellcheck={false}
              rows={Math.min(16, Math.max(4, text.split("\n").length))}
              placeholder="[[0.5, 1.5]]"
              value={text}
              onInput={(event) => model.setTensor(name, event.currentTarget.value)}
            />
          </label>
        );
      })}
    </div>
  );
}
