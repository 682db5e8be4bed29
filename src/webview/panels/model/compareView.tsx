import type { VersionsBeside } from "../../../protocol/panels/model.ts";
import { Checkbox, IconButton } from "../../ui/controls.tsx";
import { BesideTable, SECTIONS } from "./besideTable.tsx";
import { DiffLink } from "./details.tsx";
import { closeComparison } from "./keys.ts";
import type { SeenProps } from "./props.ts";

/** Two versions side by side: all that is known of both. */
export function CompareView({ model, host, overview, pair }: SeenProps & { pair: VersionsBeside }) {
  const { version, against } = pair;
  const only = model.differencesOnly.value;
  return (
    <section class="compareView" aria-label={`Versions ${version.version} and ${against.version}`}>
      <div class="row detailsTitle">
        <h2>
          Versions {version.version} and {against.version}
        </h2>
        <span class="grow" />
        <Checkbox
          checked={only}
          onChange={() => {
            model.differencesOnly.value = !only;
          }}
        >
          Differences only
        </Checkbox>
        <DiffLink {...{ model, host, overview, beside: pair }} />
        <IconButton icon="close" label="Close (Escape)" onClick={() => closeComparison(model)} />
      </div>
      <BesideTable beside={pair} sections={SECTIONS} differencesOnly={only} titles metric={model.metric.value} />
    </section>
  );
}
