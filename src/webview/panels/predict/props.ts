import type { PredictHost } from "../../../protocol/panels/predict.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { Signal } from "@preact/signals";
import type { OpenMenu } from "../../ui/menu.tsx";
import type { PredictModel } from "./model.ts";

export interface Props {
  model: PredictModel;
  host: Remote<PredictHost>;
  menu: Signal<OpenMenu | undefined>;
}
