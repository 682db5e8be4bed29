import { ModelFacts } from "../modelFacts.tsx";
import type { ViewerProps } from "./viewer.tsx";
import { useWhole } from "./whole.ts";

/** An MLmodel: flavors, signature, environment, size. */
export function MlmodelViewer({ reader, version, fail }: ViewerProps) {
  const { access, path } = reader;
  const file = useWhole(() => access.model({ path }), version, fail);
  // What a store or an interpreter does not tell is no reason to show no model.
  const environment = useWhole(
    () => access.environment({ path }),
    version,
    () => undefined,
  );
  if (file === undefined) return null;
  const folder = path.split("/").slice(0, -1).join("/");
  return (
    <div class="mlmodel" tabIndex={0} role="region" aria-label={path}>
      <ModelFacts
        file={file}
        environment={environment}
        open={(name) => access.open(folder === "" ? name : `${folder}/${name}`)}
      />
    </div>
  );
}
