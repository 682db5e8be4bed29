import type { RunOverview } from "../../../protocol/panels/run.ts";
import { Tags } from "../../ui/tags.tsx";
import { ownTags } from "./facts.ts";
import type { Props } from "./props.ts";

/** The run's tags; those of a run in the trash stay as they are. */
export function RunTags({ model, host, overview }: Props & { overview: RunOverview }) {
  return (
    <Tags
      tags={ownTags(overview)}
      writable={model.can("write") && overview.run.info.lifecycle_stage === "active"}
      set={(tag) => model.attempt(host.setTag(tag))}
      remove={(key) => model.attempt(host.deleteTag({ key }))}
    />
  );
}
