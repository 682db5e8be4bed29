// The parts of a model's signature: JSON texts of columns, tensors and params (mlflow 3.17.2 `types/schema.py`).

const PLAIN_TYPES = ["boolean", "integer", "long", "float", "double", "string", "binary", "datetime"];

type Json = Record<string, unknown>;

/** Why MLflow cannot read a part of a signature; undefined when it can. */
export function signatureMistake(part: "inputs" | "outputs" | "params", text: string | undefined): string | undefined {
  if (text === undefined) return "it must be a JSON text";
  const items = parsed(text);
  if (items === undefined) return "it is not JSON";
  if (!Array.isArray(items)) return "it must be a JSON list";
  for (const item of items as unknown[]) {
    if (!isJson(item)) return "its items must be JSON objects";
    const mistake = part === "params" ? paramMistake(item) : columnMistake(item);
    if (mistake !== undefined) return mistake;
  }
  const named = items.filter((item) => isJson(item) && typeof item["name"] === "string").length;
  if (part === "params" || named === 0 || named === items.length) return undefined;
  return "some columns have names and some have none";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replaceAll(/(?<=[[,:\s])-?(?:NaN|Infinity)(?=[\],}\s])/g, "0"));
  } catch {
    return undefined;
  }
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function paramMistake(param: Json): string | undefined {
  const missing = ["name", "default"].find((key) => !(key in param));
  if (missing !== undefined) return `a param has no \`${missing}\``;
  return typeMistake({ ...param, type: param["type"] ?? param["dtype"] });
}

function columnMistake(column: Json): string | undefined {
  if (column["type"] !== "tensor") return typeMistake(column);
  const tensor = column["tensor-spec"];
  if (!isJson(tensor)) return "a tensor has no `tensor-spec`";
  const missing = ["dtype", "shape"].find((key) => !(key in tensor));
  return missing === undefined ? undefined : `a tensor has no \`${missing}\``;
}

function typeMistake(column: Json): string | undefined {
  const { type } = column;
  if (typeof type !== "string") return "a column has no `type`";
  switch (type) {
    case "array":
      return isJson(column["items"]) ? typeMistake(column["items"]) : "an array has no `items`";
    case "map":
      return isJson(column["values"]) ? typeMistake(column["values"]) : "a map has no `values`";
    case "object": {
      const { properties } = column;
      if (!isJson(properties)) return "an object has no `properties`";
      return Object.values(properties)
        .map((one) => (isJson(one) ? typeMistake(one) : "a property is no JSON object"))
        .find((mistake) => mistake !== undefined);
    }
    case "sparkml_vector":
    case "any":
      return undefined;
    default:
      return PLAIN_TYPES.includes(type) ? undefined : `MLflow has no type \`${type}\``;
  }
}
