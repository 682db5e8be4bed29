// The words a script gets, checked against what it takes.
import { checkArgparse } from "./argparseArguments.ts";
import type { Argument, ArgumentProblem } from "./argumentValues.ts";
import { checkClick } from "./clickArguments.ts";
import { checkFire } from "./fireArguments.ts";
import { checkAbsl, checkArgv, checkHydra } from "./looseArguments.ts";
import type { ScriptInterface } from "./model.ts";

/** What the script itself would complain about; in the order of the words. */
export function checkArguments(script: ScriptInterface, args: readonly Argument[]): ArgumentProblem[] {
  switch (script.framework) {
    case "argparse":
      return checkArgparse(script, args);
    case "click":
    case "typer":
      return checkClick(script, args);
    case "fire":
      return checkFire(script, args);
    case "absl":
      return checkAbsl(script, args);
    case "hydra":
      return checkHydra(script, args);
    case "sys.argv":
      return checkArgv(script, args);
    default:
      return script.framework satisfies never;
  }
}
