import type { RunHost } from "../../../protocol/panels/run.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { RunModel } from "./model.ts";

/** What every part of the Run panel is given. */
export interface Props {
  model: RunModel;
  host: Remote<RunHost>;
}
