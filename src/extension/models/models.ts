import { Disposable } from "../platform/disposable.ts";
import { KeptFilter } from "../platform/keptFilter.ts";
import type { Platform } from "../platform/platform.ts";
import type { Stores } from "../stores/stores.ts";
import { registerModelCommands } from "./commands.ts";
import { LoggedModels } from "./loggedModelCommands.ts";
import { ModelPanels } from "./panels/modelPanels.ts";
import { ModelsTree } from "./tree.ts";
import { UriLinks } from "./uriLinks.ts";

/** Everything of models: the Models view with its filter and commands, the panels, logged models, and URIs in files. */
export class Models extends Disposable {
  constructor(platform: Platform, stores: Stores) {
    super();
    const panels = this.own(new ModelPanels(platform, stores));
    const look = this.own(new KeptFilter(platform, "flowdeck.models"));
    const tree = this.own(new ModelsTree(platform, stores, look));
    this.own(new LoggedModels(platform, stores));
    this.own(new UriLinks(platform, stores));
    for (const command of registerModelCommands(platform, stores, tree, look, panels)) this.own(command);
  }
}
