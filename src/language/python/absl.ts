// absl flags: defined by calls, read by `app.run(main)`.
import type { Arguments, FrameworkHooks, Run } from "./hooks.ts";
import { argument } from "./hooks.ts";
import { emptyInterface } from "./model.ts";
import type { ScriptOption, ValueType } from "./model.ts";
import type { Value } from "./values.ts";
import { asBoolean, asNumber, asText, isNone, printed, textsOf, UNKNOWN } from "./values.ts";

const DEFINE = /^absl\.flags\.DEFINE_(\w+)$/;

const TYPES: Record<string, ValueType> = {
  integer: "int",
  float: "float",
  string: "text",
  enum: "text",
  multi_integer: "int",
  multi_float: "float",
};

/** Flags of absl's own modules, which every program takes. */
const OWN = (
  "help helpfull helpshort helpxml version verbosity v logtostderr alsologtostderr log_dir logger_levels stderrthreshold " +
  "showprefixforinfo only_check_args pdb pdb_post_mortem profile_file run_with_pdb run_with_profiling use_cprofile_for_profiling " +
  "flagfile undefok"
).split(" ");

/** The flags of one program. */
export function abslHooks(): FrameworkHooks {
  const options: ScriptOption[] = [];
  let open = false;
  return {
    call(callee, given, run) {
      if (callee.kind !== "external") return undefined;
      const kind = DEFINE.exec(callee.path)?.[1];
      if (kind !== undefined) {
        const option = flagOf(kind, given, run);
        if (option === undefined) open = true;
        else options.push(option);
        return UNKNOWN;
      }
      if (callee.path === "absl.flags.mark_flag_as_required") require(options, [asText(given.args[0]) ?? ""]);
      else if (callee.path === "absl.flags.mark_flags_as_required") require(options, textsOf(given.args[0]) ?? []);
      else if (callee.path === "absl.app.run") {
        const made = emptyInterface("absl", given.place);
        made.options = [...options.map((option) => ({ ...option })), ...OWN.map((name) => ownFlag(name, given))];
        made.open = open || given.args.length !== 1 || given.keywords.size > 0;
        run.read(made);
      } else return undefined;
      return UNKNOWN;
    },
  };
}

function require(options: readonly ScriptOption[], names: readonly string[]): void {
  for (const option of options) if (names.includes(option.name) && option.default === undefined) option.required = true;
}

function ownFlag(name: string, { place }: Arguments): ScriptOption {
  const rest = { offFlags: [], least: 0, most: 1, remainder: false, required: false, uncertain: true };
  return { flags: [`--${name}`], name, help: "", ...rest, place, namePlace: place };
}

function flagOf(kind: string, given: Arguments, run: Run): ScriptOption | undefined {
  const name = asText(argument(given, "name", 0));
  if (name === undefined || given.spread) return undefined;
  const isSwitch = kind === "bool" || kind === "boolean";
  const { place } = given;
  const [nameExpression] = given.call.args;
  const short = asText(given.keywords.get("short_name"));
  const flags = [`--${name}`, ...(short === undefined ? [] : [`--${short}`])];
  const option: ScriptOption = {
    flags,
    offFlags: isSwitch ? flags.map((flag) => `--no${flag.slice(2)}`) : [],
    name,
    least: isSwitch ? 0 : 1,
    most: isSwitch ? 0 : 1,
    remainder: false,
    required: asBoolean(given.keywords.get("required")) === true,
    uncertain: run.isConditional,
    place,
    namePlace: { file: place.file, range: nameExpression?.range ?? place.range },
  };
  const type = TYPES[kind];
  if (type !== undefined) option.type = type;
  readMore(option, kind, given);
  return option;
}

function readMore(option: ScriptOption, kind: string, given: Arguments): void {
  const value = argument(given, "default", 1);
  const text = value === undefined || isNone(value) ? undefined : printed(value);
  if (text !== undefined) option.default = text;
  const choices = kind === "enum" ? textsOf(argument(given, "enum_values", 2)) : undefined;
  if (choices !== undefined) option.choices = choices;
  if (asBoolean(given.keywords.get("case_sensitive")) === false) option.ignoresCase = true;
  const help = asText(argument(given, "help", kind.startsWith("enum") ? 3 : 2));
  if (help !== undefined) option.help = help;
  setBounds(option, given.keywords.get("lower_bound"), given.keywords.get("upper_bound"));
}

function setBounds(option: ScriptOption, lower: Value | undefined, upper: Value | undefined): void {
  const [minimum, maximum] = [asNumber(lower), asNumber(upper)];
  if (minimum !== undefined) option.minimum = minimum;
  if (maximum !== undefined) option.maximum = maximum;
}
