import { COPY_KINDS, COPY_TITLES } from "../../../mlflow/signature/copyAs.ts";
import { Button, Icon, IconButton, TextButton } from "../../ui/controls.tsx";
import { formatCount } from "../../ui/format.ts";
import { below } from "../../ui/menu.tsx";
import { SEND_KEYS } from "./keys.ts";
import type { Props } from "./props.ts";

export function SendRow({ model, host, menu }: Props) {
  const { count, request } = model.read.value;
  const waits = model.waits.value;
  const what = request?.input.kind === "table" ? `${formatCount(count)} ${count === 1 ? "row" : "rows"}` : "";
  const words = ["Send", what, model.ab.value ? "to both" : ""].filter((part) => part !== "").join(" ");
  return (
    <div class="row sendRow">
      {model.slow.value ? (
        <TextButton icon="debug-stop" title="Give up on the answer" onClick={() => model.attempt(host.stop({}))}>
          Stop Waiting
        </TextButton>
      ) : (
        <Button
          primary
          icon="send"
          disabled={waits}
          title={`Send (${SEND_KEYS})`}
          onClick={() => model.attempt(model.send())}
        >
          {words}
        </Button>
      )}
      <kbd class="keys">{SEND_KEYS}</kbd>
      {model.slow.value ? <Icon name="loading" class="status running" /> : null}
      <span class="hidden" role="status">
        {model.slow.value ? "Waiting for the answer" : ""}
      </span>
      <span class="grow" />
      <span class="split">
        <TextButton
          icon="copy"
          title={`Copy the request as ${COPY_TITLES[model.copyKind.value]}`}
          onClick={() => model.copyProgram(model.copyKind.value)}
        >
          {`Copy as ${COPY_TITLES[model.copyKind.value]}`}
        </TextButton>
        <IconButton
          icon="chevron-down"
          label="Copy as…"
          onClick={(event) => {
            if (!(event.currentTarget instanceof HTMLElement)) return;
            const entries = COPY_KINDS.map((kind) => ({
              label: `Copy as ${COPY_TITLES[kind]}`,
              checked: kind === model.copyKind.peek(),
              radio: true,
              onClick: () => model.copyProgram(kind),
            }));
            menu.value = { label: "Copy as", entries, ...below(event.currentTarget), back: event.currentTarget };
          }}
        />
      </span>
    </div>
  );
}
