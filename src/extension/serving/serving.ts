import { setContextKey } from "../platform/contextKeys.ts";
import { Disposable } from "../platform/disposable.ts";
import { registerServingCommands } from "./commands.ts";
import { MovedAliases } from "./movedAliases.ts";
import { PredictPanels } from "./predictPanels.ts";
import { ServingProblems } from "./problems.ts";
import type { ServingParts } from "./startServing.ts";
import { ServingStatus } from "./statusBar.ts";
import { ServingTree } from "./tree.ts";

/** Everything of the Serving view: its rows, commands, status, and what is said of servers without being asked. */
export class Serving extends Disposable {
  constructor(parts: ServingParts) {
    super();
    const { platform, scoring } = parts;
    const tree = this.own(new ServingTree(platform, scoring));
    this.own(new ServingStatus(scoring));
    this.own(new ServingProblems(parts));
    this.own(new MovedAliases(parts));
    this.own(new PredictPanels(parts));
    for (const command of registerServingCommands(parts, tree)) this.own(command);
    let had = false;
    this.own(
      scoring.onChange(() => {
        const has = scoring.list().length > 0;
        if (has !== had) setContextKey(platform, "flowdeck.hasServers", has);
        had = has;
      }),
    );
  }
}
