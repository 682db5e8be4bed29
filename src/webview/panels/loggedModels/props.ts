import type { LoggedModelsHost } from "../../../protocol/panels/loggedModels.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { LoggedModelsModel } from "./model.ts";

export interface Props {
  model: LoggedModelsModel;
  host: Remote<LoggedModelsHost>;
}
