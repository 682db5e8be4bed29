import { useEffect } from "preact/hooks";
import { EmptyBody, LinkButton, Notice, Problem, TextField } from "../../ui/controls.tsx";
import { codeOf, messageOf } from "../../ui/errors.ts";
import { formatAge, formatCount } from "../../ui/format.ts";
import { onPanelKeys } from "../../ui/regions.ts";
import { UnreadablePage } from "../../ui/unreadable.tsx";
import { Details } from "./details.tsx";
import { List } from "./list.tsx";
import type { Props } from "./props.ts";

export function LoggedModelsPanel({ model, host }: Props) {
  useEffect(() => onPanelKeys(".grid"), []);
  const overview = model.overview.value;
  const failure = model.failure.value;
  if (overview === undefined)
    return failure === undefined ? <main class="loggedModels" /> : <Unreadable {...{ model, host, failure }} />;
  const total = model.rows.total.value;
  const isEmpty = total === 0 && model.filter.value === "";
  return (
    <main class="loggedModels">
      <header class="modelsHeader" data-region>
        <div class="row">
          <h1 class="cut">
            Logged models of{" "}
            <LinkButton onClick={() => model.attempt(host.openExperiment({}))}>{overview.experiment_name}</LinkButton>
          </h1>
          <span class="grow" />
          {total === undefined ? null : (
            <span class="dim num count" role="status">
              {countText(model.rows.count.value)}
            </span>
          )}
        </div>
        {isEmpty ? null : <Filter model={model} host={host} />}
      </header>
      {failure === undefined ? null : <Notice text={staleText(model, failure)} action="Retry" onAction={model.retry} />}
      <Problem problem={model.problem} />
      {isEmpty ? (
        <EmptyBody icon="package">
          No logged model yet. A script logs one with mlflow.sklearn.log_model(model, name="model") or another flavor of
          mlflow 3.
        </EmptyBody>
      ) : (
        <div class="modelsBody">
          <List model={model} host={host} />
          <Details model={model} host={host} />
        </div>
      )}
    </main>
  );
}

function countText({ models, more }: { models: number; more: boolean }): string {
  return `${formatCount(models)}${more ? "+" : ""} ${models === 1 && !more ? "model" : "models"}`;
}

function Filter({ model }: Props) {
  const wrong = model.filterProblem.value;
  return (
    <div class="modelsFilter">
      <TextField
        label="Filter logged models"
        icon="filter"
        placeholder="Filter, e.g. metrics.rmse < 0.5 AND params.alpha = '0.3'"
        value={model.typed.value}
        onInput={model.type}
        onEnter={model.apply}
        onEscape={model.clear}
        onClear={model.clear}
        invalid={wrong !== undefined}
        filter
      />
      {wrong === undefined ? null : (
        <p class="filterProblem" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}

function staleText({ freshAt, now }: Props["model"], failure: unknown): string {
  const age = freshAt.value === undefined ? "" : formatAge(freshAt.value, now.value);
  return codeOf(failure) === "RESOURCE_DOES_NOT_EXIST"
    ? `This experiment is no longer there; its models are shown as they were ${age} ago.`
    : `The store does not answer; its models are shown as they were ${age} ago.`;
}

function Unreadable({ model, host, failure }: Props & { failure: unknown }) {
  return (
    <UnreadablePage
      name="loggedModels"
      heading="Logged models"
      icon="package"
      text={messageOf(failure)}
      onRetry={model.retry}
      onShowLog={() => model.attempt(host.showLog({}))}
    />
  );
}
