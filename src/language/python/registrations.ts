// Calls that register a model, in a Python file: `mlflow.register_model(uri, "name")`, `….log_model(…, registered_model_name="name")`.
import type { TextRange } from "../../projects/document.ts";
import type { CallNode, Expression, PythonFile, Statement } from "./syntax.ts";
import { bodiesOf, dottedName, expressionsIn } from "./syntax.ts";

export interface Registration {
  /** Of the registered model. */
  name: string;
  /** Of the call. */
  range: TextRange;
}

const WORDS = /\bregister_model\b|\bregistered_model_name\b/;

/** The registrations whose name stands in the file: as a text, or as a name that is given one text. */
export function registrations(file: PythonFile): Registration[] {
  if (!WORDS.test(file.text)) return [];
  const texts = textsOf(file.body);
  return [...expressionsIn(file.body)].flatMap((call): Registration[] => {
    const given = call.kind === "call" ? nameOf(call) : undefined;
    const name = given?.kind === "text" ? given.value : given?.kind === "name" ? texts.get(given.name) : undefined;
    // A name with a slash or a colon is none, and an empty one is not written yet.
    return name === undefined || !/^[^/:]+$/.test(name) ? [] : [{ name, range: call.range }];
  });
}

function nameOf({ callee, args, keywords }: CallNode): Expression | undefined {
  const keyword = (wanted: string) => keywords.find(({ name }) => name === wanted)?.value;
  const named = keyword("registered_model_name");
  if (named !== undefined) return named;
  const called = callee.kind === "member" ? callee.name : dottedName(callee);
  return called === "register_model" ? (keyword("name") ?? args[1]) : undefined;
}

/** Names that are assigned once, and then a text. */
function textsOf(body: readonly Statement[]): Map<string, string> {
  const found = new Map<string, string | undefined>();
  const look = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      if (statement.kind === "assign") {
        for (const target of statement.targets) {
          if (target.kind !== "name") continue;
          const { value } = statement;
          found.set(target.name, value?.kind === "text" && !found.has(target.name) ? value.value : undefined);
        }
      }
      for (const inner of bodiesOf(statement)) look(inner);
    }
  };
  look(body);
  return new Map([...found].flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
}
