import { Select } from "../../ui/controls.tsx";
import type { Props } from "./props.ts";

const LONGEST = 600;

/** In which form the request is sent, and how it would be from a terminal or a script. */
export function Program({ model }: Props) {
  const text = model.program(model.copyKind.value);
  const shown = text !== undefined && text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  const forms = model.forms.value;
  const isBody = model.read.value.request?.input.kind === "body";
  return (
    <>
      {forms.length < 2 || isBody ? null : (
        <div class="row programBar">
          <span class="dim">Sent as</span>
          <Select
            label="Form of the request"
            value={model.form.value}
            options={forms.map((form) => ({ value: form, label: form === "csv" ? "CSV" : form }))}
            onChange={(value) => model.setForm(forms.find((form) => form === value) ?? model.form.peek())}
          />
        </div>
      )}
      {shown === undefined ? null : (
        <pre class="program" tabIndex={0} aria-label={`The request as ${model.copyKind.value}`}>
          {shown}
        </pre>
      )}
    </>
  );
}
