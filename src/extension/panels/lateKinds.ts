import type { PanelKind } from "./panel.ts";

// Kinds whose panels are loaded with the first of them: their serializers are registered with the window.

export const LOGGED_MODELS_PANEL: PanelKind = { type: "flowdeck.loggedModels", page: "loggedModels" };
export const PREDICT_PANEL: PanelKind = { type: "flowdeck.predict", page: "predict" };
