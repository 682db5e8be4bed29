import type { ScoringServer } from "../../../protocol/serving.ts";
import { Icon, IconButton } from "../../ui/controls.tsx";
import { below } from "../../ui/menu.tsx";
import { STATE_WORDS } from "./model.ts";
import type { Props } from "./props.ts";

export function Header({ model, host, menu }: Props) {
  const { serverA, serverB } = model;
  const ab = model.ab.value;
  return (
    <header class="predictHeader" data-region>
      <div class="row">
        <h1>Predict</h1>
        <span class="grow" />
        <IconButton
          icon="split-horizontal"
          text="A/B"
          label="A/B: ask two servers the same"
          pressed={ab}
          onClick={model.toggleAb}
        />
        <IconButton
          icon="history"
          label="Requests sent before"
          expanded={model.history.value !== undefined}
          onClick={() =>
            model.history.value === undefined ? model.attempt(model.openHistory()) : model.closeHistory()
          }
        />
        <IconButton
          icon="ellipsis"
          label="More"
          onClick={(event) => {
            if (!(event.currentTarget instanceof HTMLElement)) return;
            menu.value = {
              label: "More",
              entries: entries({ model, host, menu }),
              ...below(event.currentTarget),
              back: event.currentTarget,
            };
          }}
        />
      </div>
      <div class="servers">
        <ServerChoice {...{ model, host, menu }} which="a" server={serverA.value} />
        {ab ? <ServerChoice {...{ model, host, menu }} which="b" server={serverB.value} /> : null}
      </div>
      <Differs {...{ model, host, menu }} />
    </header>
  );
}

function entries({ model, host }: Props) {
  const server = model.serverA.value;
  const serve = { label: "Serve a Model…", icon: "radio-tower", onClick: () => model.attempt(host.serve({})) };
  if (server === undefined) return [serve];
  const { id } = server;
  return [
    { label: "Predict File…", icon: "file-symlink-file", onClick: () => model.attempt(host.predictFile({ id })) },
    "separator" as const,
    serve,
    { label: "Restart the Server", icon: "debug-restart", onClick: () => model.attempt(host.restart({ id })) },
    { label: "Show Its Log", icon: "output", onClick: () => model.attempt(host.showLog({ id })) },
  ];
}

/** The browser's own list, drawn as in the pictures: letter, model, port, health. */
function ServerChoice({ model, which, server }: Props & { which: "a" | "b"; server: ScoringServer | undefined }) {
  const letter = which.toUpperCase();
  const other = which === "a" ? model.serverB.value : model.serverA.value;
  const list = (model.servers.value ?? []).filter(({ id }) => which === "a" || id !== other?.id);
  const label = model.ab.value ? `Server ${letter}` : "Server";
  return (
    <div class={`serverChoice ${server?.state ?? ""}`}>
      {model.ab.value ? <b class="strong">{letter}</b> : null}
      <span class="cut grow">
        {server === undefined ? "no other server" : shortTitle(server, model.servers.value ?? [])}
      </span>
      {server === undefined ? null : (
        <>
          <span class="dim num port">:{server.port}</span>
          <Health state={server.state} />
        </>
      )}
      <Icon name="chevron-down" />
      <select
        aria-label={label}
        value={server?.id ?? ""}
        disabled={list.length === 0}
        onChange={(event) => model.choose(which, event.currentTarget.value)}
      >
        {list.map(({ id, title, port, state }) => (
          <option key={id} value={id} selected={id === server?.id}>
            {`${title} :${port} ${STATE_WORDS[state]}`}
          </option>
        ))}
      </select>
    </div>
  );
}

/** A shape for each state, and words for what cannot be asked. */
function Health({ state }: Pick<ScoringServer, "state">) {
  return (
    <span class={`health ${state}`}>
      <Icon name={HEALTH_ICONS[state]} />
      {state === "ready" ? null : <span class="small">{STATE_WORDS[state]}</span>}
    </span>
  );
}

const HEALTH_ICONS: Record<ScoringServer["state"], string> = {
  starting: "circle-large-outline",
  ready: "circle-filled",
  unhealthy: "warning",
  stopping: "circle-large-outline",
  stopped: "circle-slash",
  failed: "error",
};

/** Where all are of one model, whose name the tab has, its version and alias. */
function shortTitle({ model, title }: ScoringServer, servers: readonly ScoringServer[]): string {
  if (model?.version === undefined || servers.some((other) => other.model?.name !== model.name)) return title;
  return model.alias === undefined ? `Version ${model.version}` : `${model.version} @${model.alias}`;
}

/** Two models that take different columns: said before the second one refuses. */
function Differs({ model }: Props) {
  const { serverA, serverB } = model;
  if (serverA.value === undefined || serverB.value === undefined) return null;
  const [a, b] = [model.modelOf(serverA.value.id), model.modelOf(serverB.value.id)];
  if (a?.signature === undefined || b?.signature === undefined) return null;
  if (JSON.stringify(a.signature.inputs) === JSON.stringify(b.signature.inputs)) return null;
  return (
    <p class="small warnText" role="status">
      {serverB.value.title} has another signature than {serverA.value.title}, whose fields these are.
    </p>
  );
}
