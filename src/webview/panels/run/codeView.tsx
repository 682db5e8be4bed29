import { useEffect } from "preact/hooks";
import type { RunOverview } from "../../../protocol/panels/run.ts";
import { Icon, LinkButton } from "../../ui/controls.tsx";
import { Block, Fact } from "../../ui/facts.tsx";
import { formatBytes } from "../../ui/format.ts";
import { fileIcon } from "./artifacts.ts";
import { diffOf, TAG, tagOf } from "./facts.ts";
import { CommitFact, SourceFact } from "./factsView.tsx";
import type { Props } from "./props.ts";

/** Files that tell the environment of a run or model. */
const ENVIRONMENT =
  /^(python_env\.yaml|conda\.yaml|requirements\.txt|pip-requirements.*|environment\.ya?ml|Pipfile|uv\.lock|pyproject\.toml|MLproject)$/;

/** Where the run's code came from, and what it ran in. */
export function Code({ model, host, overview }: Props & { overview: RunOverview }) {
  const diff = diffOf(overview);
  const repository = tagOf(overview, TAG.gitRepoUrl);
  const { tree } = model.artifacts;
  useEffect(() => {
    for (const { name } of overview.models) tree.look(name);
  }, [tree]);
  const files = tree.known().filter(({ path }) => ENVIRONMENT.test(path.split("/").at(-1) ?? path));
  const own = overview.run.data.tags.filter(({ key }) => key.startsWith("mlflow.") && !SHOWN.has(key));
  return (
    <>
      <Block title="Code">
        <dl class="facts">
          <SourceFact {...{ model, host, overview }} />
          <CommitFact {...{ model, host, overview }} />
          {repository === undefined ? null : <Fact name="Repository">{repository}</Fact>}
        </dl>
        {diff === undefined ? null : (
          <pre class="diff" tabIndex={0} aria-label="Changes beyond the commit">
            {diff.split("\n").map((line, i) => (
              <span key={i} class={line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : ""}>
                {line}
                {"\n"}
              </span>
            ))}
          </pre>
        )}
      </Block>
      <Block title="Environment" count={files.length}>
        {files.length === 0 ? (
          <p class="dim small">No file that tells the environment is among the artifacts.</p>
        ) : (
          <ul class="environment">
            {files.map((file) => (
              <li key={file.path} class="row">
                <Icon name={fileIcon(file, false)} />
                <LinkButton onClick={() => model.attempt(host.openArtifact({ path: file.path }))}>
                  {file.path}
                </LinkButton>
                {file.file_size === undefined ? null : <span class="dim num">{formatBytes(file.file_size)}</span>}
              </li>
            ))}
          </ul>
        )}
      </Block>
      {own.length === 0 ? null : (
        <Block title="MLflow’s tags" count={own.length}>
          <dl class="facts">
            {own.map(({ key, value }) => (
              <Fact key={key} name={key.replace(/^mlflow\./, "")} title={value}>
                {value}
              </Fact>
            ))}
          </dl>
        </Block>
      )}
    </>
  );
}

/** Tags that stand elsewhere. */
const SHOWN: ReadonlySet<string> = new Set([
  ...[TAG.note, TAG.sourceName, TAG.gitCommit, TAG.gitRepoUrl, TAG.gitBranch],
  ...["mlflow.source.git.diff", "mlflow.runName"],
]);
