// What an assignment binds: a name, the items of a list, a field.
import type { ArgvUse } from "./argvUse.ts";
import { itemOf } from "./lookup.ts";
import type { Expression } from "./syntax.ts";
import type { Scope, Value } from "./values.ts";
import { UNKNOWN } from "./values.ts";

/** The interpreter, as an assignment needs it. */
interface Assigning {
  readonly argv: ArgvUse;
  readonly isConditional: boolean;
  value(expression: Expression, scope: Scope): Value;
}

/** Binds `target` to `value`. */
export function assign(target: Expression, value: Value, scope: Scope, run: Assigning): void {
  if (target.kind === "name") {
    const earlier = scope.names.get(target.name);
    // A value that may have been changed is not known; a parser is worth more than nothing.
    const isMixed = run.isConditional && earlier?.kind === "constant" && value.kind === "constant";
    const isSame = isMixed && earlier.text === value.text;
    // `try: import x` with `except: x = None` leaves either.
    const isEither = run.isConditional && earlier?.kind === "external" && value.kind === "constant";
    scope.names.set(target.name, isEither || (isMixed && !isSame) ? UNKNOWN : value);
  } else if (target.kind === "list") {
    if (value.kind === "argv") run.argv.unpack(value.from, target.items, run.isConditional);
    for (const [index, item] of target.items.entries()) assign(item, itemOf(value, index), scope, run);
  } else if (target.kind === "member" || target.kind === "index") {
    const of = run.value(target.of, scope);
    if (of.kind === "instance" && target.kind === "member") of.fields.set(target.name, value);
    else if (of.kind === "parser" && target.kind === "member")
      of.parser.open ||= target.name === "error" || target.name === "exit";
    else if (of.kind === "argv") run.argv.isChanged = true;
    else if (of.kind === "external" && target.kind === "member" && `${of.path}.${target.name}` === "sys.argv") {
      run.argv.isChanged = true;
    }
  }
}
