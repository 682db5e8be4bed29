import { useRef } from "preact/hooks";
import { Icon, IconButton } from "../../ui/controls.tsx";

export interface ControlProps {
  name: string;
  text: string;
  set: (text: string) => void;
  /** What is wrong with it; undefined: nothing. */
  problem: string | undefined;
  /** Of the element that says so. */
  problemId: string;
  /** Lists and objects are written as JSON, over several lines. */
  isWide: boolean;
  type: string;
  required: boolean;
  example: string;
  placeholder?: string;
  choices?: readonly string[];
}

/** What a value is written in: a field, a list, or lines for JSON. */
export function FieldControl({
  name,
  text,
  set,
  problem,
  problemId,
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
    ...wrongOf(problem, problemId),
    class: `plainField fieldInput ${problem === undefined ? "" : "wrong"}`,
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

/** What a field says of itself while something is wrong with it. */
export function wrongOf(problem: string | undefined, id: string) {
  return {
    "aria-invalid": problem !== undefined,
    "aria-describedby": problem === undefined ? undefined : id,
  };
}

/** The sentence at a field. */
export function FieldProblem({ id, problem }: { id: string; problem: string | undefined }) {
  if (problem === undefined) return null;
  return (
    <p class="problemLine fieldProblem" id={id}>
      <Icon name="error" class="failed" />
      <span>{problem}</span>
    </p>
  );
}
