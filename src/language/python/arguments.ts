// The words a script gets, checked against what it takes.
import { checkArgparse } from "./argparseArguments.ts";
import type { Argument, ArgumentProblem } from "./argumentValues.ts";
import { checkClick } from "./clickArguments.ts";
import { checkLoose } from "./looseArguments.ts";
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
    case "absl":
    case "hydra":
    case "sys.argv":
      return checkLoose(script, args);
    default:
      return script.framework satisfies never;
  }
}
