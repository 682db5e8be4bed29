import type { TextRange } from "../../projects/document.ts";
import type { ImportNode } from "./syntax.ts";

/** The statement's parts: Lezer gives them as one row of words. */
export function importsOf(statement: string, range: TextRange): ImportNode[] {
  const source = statement
    .replace(/#.*/g, " ")
    .replace(/[()\\\s]+/g, " ")
    .trim();
  const from = /^from (\.*[\s.]*)([\w.]*) ?import (.*)$/.exec(source);
  const pairs = (list: string) =>
    list
      .split(",")
      .map((one) => one.trim())
      .filter((one) => one !== "")
      .map((one) => {
        const [name = "", as] = one.split(" as ");
        return { name: name.trim(), as: as?.trim() };
      });
  if (from !== null) {
    const [, dots = "", module = "", list = ""] = from;
    const names = pairs(list).map(({ name, as }) => ({ name, as: as ?? name }));
    return [{ kind: "import", level: dots.replace(/\s/g, "").length, module, names, range }];
  }
  return pairs(source.replace(/^import /, "")).map(({ name, as }) => ({
    kind: "import",
    level: 0,
    module: name,
    ...(as === undefined ? {} : { as }),
    range,
  }));
}
