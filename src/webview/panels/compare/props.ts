import type { CompareHost } from "../../../protocol/panels/compare.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { CompareModel } from "./model.ts";

/** What every part of the Compare panel is given. */
export interface Props {
  model: CompareModel;
  host: Remote<CompareHost>;
}
