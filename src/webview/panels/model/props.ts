import type { ModelHost, ModelOverview } from "../../../protocol/panels/model.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { ModelModel } from "./model.ts";

/** What every part of the Model panel is given. */
export interface Props {
  model: ModelModel;
  host: Remote<ModelHost>;
}

export type SeenProps = Props & { overview: ModelOverview };
