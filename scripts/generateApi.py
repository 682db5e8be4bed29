"""Writes src/mlflow/api.generated.ts from the protobuf descriptors of an installed mlflow.

Usage: python generateApi.py OUTPUT. Called by scripts/generate.mjs.
"""

import ast
import inspect
import re
import sys

import mlflow
from google.protobuf.descriptor import FieldDescriptor as Field
from mlflow.protos import databricks_pb2, mlflow_artifacts_pb2, model_registry_pb2, service_pb2, webhooks_pb2
from mlflow.server import handlers

SERVICES = [
    service_pb2.MlflowService,
    model_registry_pb2.ModelRegistryService,
    mlflow_artifacts_pb2.MlflowArtifactsService,
    webhooks_pb2.WebhookService,
]

SCALARS = {
    Field.TYPE_STRING: "string",
    Field.TYPE_BYTES: "bytes",
    Field.TYPE_BOOL: "bool",
    Field.TYPE_DOUBLE: "double",
    Field.TYPE_FLOAT: "double",
    Field.TYPE_INT32: "int32",
    Field.TYPE_UINT32: "int32",
    Field.TYPE_SINT32: "int32",
    Field.TYPE_FIXED32: "int32",
    Field.TYPE_SFIXED32: "int32",
    Field.TYPE_INT64: "int64",
    Field.TYPE_UINT64: "int64",
    Field.TYPE_SINT64: "int64",
    Field.TYPE_FIXED64: "int64",
    Field.TYPE_SFIXED64: "int64",
}

# Protobuf's own messages are plain JSON values on the wire.
WELL_KNOWN = {
    "google.protobuf.Timestamp": "timestamp",
    "google.protobuf.Duration": "duration",
    "google.protobuf.Struct": "json",
    "google.protobuf.Value": "json",
    "google.protobuf.ListValue": "json",
    "google.protobuf.Any": "json",
}

TYPESCRIPT = {
    "string": "string",
    "bytes": "string",
    "bool": "boolean",
    "double": "number",
    "int32": "number",
    "int64": "number",
    "timestamp": "string",
    "duration": "string",
    "json": "unknown",
}


class Names:
    """A short TypeScript name for every message and enum; a clash takes the package's last part in front."""

    def __init__(self):
        self.by_full_name = {}
        self.taken = set()

    def of(self, descriptor):
        known = self.by_full_name.get(descriptor.full_name)
        if known:
            return known
        package = descriptor.file.package
        parts = descriptor.full_name[len(package) + 1 :].split(".")
        name = "".join(part[0].upper() + part[1:] for part in parts)
        if name in self.taken:
            last = package.split(".")[-1]
            name = last[0].upper() + last[1:] + name
        self.taken.add(name)
        self.by_full_name[descriptor.full_name] = name
        return name


names = Names()
messages = {}
enums = {}


def value_type(field):
    if field.type == Field.TYPE_ENUM:
        enums[names.of(field.enum_type)] = field.enum_type
        return "enum:" + names.of(field.enum_type)
    if field.type in (Field.TYPE_MESSAGE, Field.TYPE_GROUP):
        known = WELL_KNOWN.get(field.message_type.full_name)
        if known:
            return known
        add_message(field.message_type)
        return names.of(field.message_type)
    return SCALARS[field.type]


def is_map(field):
    return field.type == Field.TYPE_MESSAGE and field.message_type.GetOptions().map_entry


def add_message(descriptor):
    name = names.of(descriptor)
    if name in messages:
        return
    fields = messages[name] = {}
    for field in sorted(descriptor.fields, key=lambda each: each.number):
        if is_map(field):
            kind = "map:" + value_type(field.message_type.fields_by_name["value"])
        else:
            kind = value_type(field) + ("[]" if field.is_repeated else "")
        fields[field.name] = kind


def endpoints():
    owners = {}
    for service in SERVICES:
        for method in service.DESCRIPTOR.methods:
            # Two services have a ListArtifacts: the later one takes its package's last part in front.
            if owners.setdefault(method.name, service) is service:
                call = method.name
            else:
                package = service.DESCRIPTOR.file.package.split(".")[-1]
                call = package + method.name[0].upper() + method.name[1:]
            add_message(method.input_type)
            response = method.input_type.nested_types_by_name.get("Response", method.output_type)
            add_message(response)
            for endpoint in method.GetOptions().Extensions[databricks_pb2.rpc].endpoints:
                path = f"/{endpoint.since.major}.0{endpoint.path}"
                # MLflow's router has no dotted parameters either (handlers._convert_path_parameter_to_flask_format).
                path = path.replace("{assessment.trace_id}", "{trace_id}")
                path = re.sub(r"<path:(\w+)>", r"{\1*}", path)
                yield call, endpoint.method, path, names.of(method.input_type), names.of(response)


def checks():
    """What each handler demands of a parameter, by request message: {"CreateRun": {"experiment_id": ["string"]}}."""
    found = {}
    for node in ast.walk(ast.parse(inspect.getsource(handlers))):
        if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_get_request_message"):
            continue
        request = node.args[0]
        schema = next((word.value for word in node.keywords if word.arg == "schema"), None)
        if not isinstance(request, ast.Call) or not isinstance(schema, ast.Dict):
            continue
        cls = eval(ast.unparse(request.func), vars(handlers))  # noqa: S307 - names of mlflow's own module
        if cls.DESCRIPTOR.full_name not in names.by_full_name:
            continue
        rules = found.setdefault(names.of(cls.DESCRIPTOR), {})
        for key, value in zip(schema.keys, schema.values):
            words = [each.id for each in getattr(value, "elts", []) if isinstance(each, ast.Name)]
            known = [word.removeprefix("_assert_") for word in words if word in CHECKS]
            if known:
                rules[key.value] = known
    return found


CHECKS = {"_assert_" + word for word in ["required", "string", "intlike", "floatlike", "bool", "array", "item_type_string"]}


def typescript(kind):
    if kind.startswith("map:"):
        return f"Record<string, {typescript(kind[4:])}>"
    if kind.endswith("[]"):
        return typescript(kind[:-2]) + "[]"
    if kind.startswith("enum:"):
        return kind[5:]
    return TYPESCRIPT.get(kind, kind)


def quoted(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def key(name):
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else quoted(name)


def rpc_name(method):
    return method[0].lower() + method[1:]


def write(out):
    table = list(endpoints())
    rules = checks()
    lines = [
        f"// Made by scripts/generateApi.py from mlflow {mlflow.__version__} (npm run generate); not for editing.",
        "",
        f'export const MLFLOW_VERSION = "{mlflow.__version__}";',
        "",
        'export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";',
        "",
    ]
    for name, descriptor in sorted(enums.items()):
        lines.append(f"export type {name} = {' | '.join(quoted(value.name) for value in descriptor.values)};")
    for name, fields in sorted(messages.items()):
        body = " ".join(f"{key(field)}?: {typescript(kind)};" for field, kind in fields.items())
        lines.append(f"export interface {name} {{ {body} }}" if body else f"export type {name} = Record<string, never>;")
    lines += ["", "/** Request and response of every remote call. */", "export interface Rpcs {"]
    seen = set()
    for method, _, _, request, response in table:
        if method not in seen:
            lines.append(f"  {rpc_name(method)}: {{ request: {request}; response: {response} }};")
        seen.add(method)
    lines += [
        "}",
        "",
        "/** [call, HTTP method, path below /api and /ajax-api, request message, response message] */",
        "export const ENDPOINTS: readonly (readonly [keyof Rpcs, HttpMethod, string, string, string])[] = [",
    ]
    for method, http, path, request, response in table:
        lines.append(f"  [{quoted(rpc_name(method))}, {', '.join(map(quoted, (http, path, request, response)))}],")
    lines += [
        "];",
        "",
        "/** Fields of every message in the order of the wire; `[]` repeated, `map:` and `enum:` before what they hold. */",
        "export const FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {",
    ]
    for name, fields in sorted(messages.items()):
        lines.append(f"  {name}: {{ {', '.join(f'{key(field)}: {quoted(kind)}' for field, kind in fields.items())} }},")
    lines += ["};", "", "/** Values by number, as protobuf's JSON accepts both. */"]
    lines.append("export const ENUMS: Readonly<Record<string, Readonly<Record<string, number>>>> = {")
    for name, descriptor in sorted(enums.items()):
        body = ", ".join(f"{value.name}: {value.number}" for value in descriptor.values)
        lines.append(f"  {name}: {{ {body} }},")
    lines += ["};", "", "/** What MLflow's handlers check of a request before they act, in their order. */"]
    lines.append("export const CHECKS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {")
    for name, fields in sorted(rules.items()):
        body = ", ".join(f"{key(field)}: [{', '.join(map(quoted, words))}]" for field, words in fields.items())
        lines.append(f"  {name}: {{ {body} }},")
    lines.append("};")
    with open(out, "w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    write(sys.argv[1])
