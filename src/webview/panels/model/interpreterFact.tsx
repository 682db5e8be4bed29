import { useEffect, useState } from "preact/hooks";
import type { ModelEnvironment } from "../../../mlflow/modelFile.ts";
import type { Props } from "./props.ts";

/** More are in the hover. */
const NAMED = 2;

/** What the selected interpreter has otherwise than the version was logged with; nothing where all is the same, or not known. */
export function InterpreterFact({ host, version }: Pick<Props, "host"> & { version: string }) {
  const [told, setTold] = useState<{ version: string; environment: ModelEnvironment } | undefined>(undefined);
  useEffect(() => {
    let isLeft = false;
    host.environment({ version }).then(
      (environment) => {
        if (!isLeft) setTold({ version, environment });
      },
      // An interpreter that cannot be looked at says nothing of the version.
      () => undefined,
    );
    return () => {
      isLeft = true;
    };
  }, [version]);
  const mismatches = told?.version === version ? told.environment.mismatches : [];
  if (mismatches.length === 0) return null;
  const title = [told?.environment.python, ...mismatches.map(({ text }) => text)].join("\n");
  return (
    <>
      <dt class="dim">Interpreter</dt>
      <dd class="warnText" title={title}>
        {mismatches
          .slice(0, NAMED)
          .map(({ text }) => text.replace(" in the selected interpreter", " here"))
          .join("; ")}
        {mismatches.length > NAMED ? ` and ${mismatches.length - NAMED} more` : ""}
      </dd>
    </>
  );
}
