// Runs what a script does before it reads its command line, on values as far as they are known. No Python, no side effects.
import { assign } from "./assignment.ts";
import { bind, decorate } from "./calls.ts";
import type { Arguments, FrameworkHooks } from "./hooks.ts";
import { openParsersIn } from "./hooks.ts";
import { ArgvUse } from "./argvUse.ts";
import { runImport } from "./imports.ts";
import { formatted, loopItems, openParsersOf, sourceOf, superMember } from "./derived.ts";
import { isHarmless, itemOf, keywordsOf, lookUp, valueOfMember } from "./lookup.ts";
import type { ScriptInterface } from "./model.ts";
import type { CallNode, Expression, Statement } from "./syntax.ts";
import type { FunctionValue, ModuleScope, Scope, SourceFile, Value } from "./values.ts";
import { asNumber, constantOf, isNone, UNKNOWN } from "./values.ts";

/** Statements that are run at most, and calls inside calls: a script that does more before parsing is not understood. */
const STEPS = 20_000;
const DEPTH = 24;
/** Longest list whose loop is run item by item. */
const LOOP = 60;

export interface Modules {
  /** The file that `import` means; undefined for an installed package. */
  resolve(from: SourceFile, level: number, module: string): SourceFile | undefined;
}

/** A reading of the command line that was met. */
export interface Reading {
  interface: ScriptInterface;
  /** In a branch that may not be taken. */
  conditional: boolean;
}

export class Interpreter {
  readonly readings: Reading[] = [];
  readonly argv = new ArgvUse();
  /** Packages that were imported and are not here. */
  readonly packages = new Set<string>();
  readonly #modules: Modules;
  readonly #hooks: readonly FrameworkHooks[];
  readonly #loaded = new Map<string, ModuleScope>();
  readonly #running: FunctionValue["node"][] = [];
  #steps = STEPS;
  #conditional = 0;

  constructor(modules: Modules, hooks: readonly FrameworkHooks[]) {
    this.#modules = modules;
    this.#hooks = hooks;
  }

  get isConditional(): boolean {
    return this.#conditional > 0;
  }

  /** More was to be run than is looked at. */
  get gaveUp(): boolean {
    return this.#steps <= 0;
  }

  runModule(file: SourceFile, isMain: boolean): ModuleScope {
    const known = this.#loaded.get(file.path);
    if (known !== undefined) return known;
    const module: ModuleScope = { file, names: new Map(), isMain };
    this.#loaded.set(file.path, module);
    const conditional = this.#conditional;
    this.run(file.python.body, { names: module.names, module });
    this.#conditional = conditional;
    return module;
  }

  read(read: ScriptInterface): void {
    this.readings.push({ interface: read, conditional: this.isConditional });
  }

  /** The value returned; undefined when the end was reached. */
  run(statements: readonly Statement[], scope: Scope): Value | undefined {
    for (const statement of statements) {
      this.#steps -= 1;
      if (this.#steps <= 0) return undefined;
      const returned = this.#statement(statement, scope);
      if (returned !== undefined) return returned;
    }
    return undefined;
  }

  #statement(statement: Statement, scope: Scope): Value | undefined {
    switch (statement.kind) {
      case "expression":
        return this.#ends(this.value(statement.value, scope)) ? UNKNOWN : undefined;
      case "assign": {
        if (statement.value === undefined) return undefined;
        const value = this.value(statement.value, scope);
        for (const target of statement.targets) assign(target, value, scope, this);
        return undefined;
      }
      case "update":
        this.value(statement.value, scope);
        assign(statement.target, UNKNOWN, scope, this);
        return undefined;
      case "function":
      case "class":
        scope.names.set(statement.name, this.#define(statement, scope));
        return undefined;
      case "import":
        runImport(statement, scope, {
          resolve: (level, module) => this.#modules.resolve(scope.module.file, level, module),
          run: (file) => ({ kind: "module", module: this.runModule(file, false) }),
          member: valueOfMember,
          packages: this.packages,
        });
        return undefined;
      case "return":
        return statement.value === undefined ? UNKNOWN : this.value(statement.value, scope);
      case "if":
        return this.#if(statement.tests, statement.bodies, scope);
      case "for":
        return this.#for(statement.targets, statement.of, statement.body, scope);
      case "block":
        return this.#block(statement, scope);
      case "other":
        for (const part of statement.parts) this.value(part, scope);
        return statement.type === "RaiseStatement" ? UNKNOWN : undefined;
      default:
        return statement satisfies never;
    }
  }

  #ends(value: Value): boolean {
    return value.kind === "made" && ["sys.exit", "builtins.exit", "builtins.quit", "os._exit"].includes(value.path);
  }

  #define(statement: Extract<Statement, { kind: "function" | "class" }>, scope: Scope): Value {
    const decorators = statement.decorators.map((one) => this.value(one, scope));
    if (statement.kind === "function") {
      for (const { default: value } of statement.parameters) if (value !== undefined) this.value(value, scope);
      return decorate({ kind: "function", node: statement, scope }, decorators, this);
    }
    const bases = statement.bases.map((one) => this.value(one, scope));
    const members: Scope = { names: new Map(), parent: scope, module: scope.module };
    this.run(statement.body, members);
    return { kind: "class", node: statement, members, bases };
  }

  #if(tests: ReadonlyArray<Expression | undefined>, bodies: readonly Statement[][], scope: Scope): Value | undefined {
    for (const [index, body] of bodies.entries()) {
      const test = tests[index];
      const truth = test === undefined ? true : this.#truth(test, scope);
      if (truth === false) continue;
      if (truth === true) return this.run(body, scope);
      // From here on it is not known which of the branches is taken.
      const returned = bodies.slice(index).map((branch) => this.#maybe(() => this.run(branch, scope)));
      if (test !== undefined && returned[0] !== undefined && !this.isConditional)
        this.argv.guard(sourceOf(test, scope));
      const isLastElse = tests.at(-1) === undefined;
      return isLastElse && returned.every((one) => one !== undefined) ? returned[0] : undefined;
    }
    return undefined;
  }

  #maybe<T>(run: () => T): T {
    this.#conditional += 1;
    try {
      return run();
    } finally {
      this.#conditional -= 1;
    }
  }

  #truth(test: Expression, scope: Scope): boolean | undefined {
    if (test.kind === "other" && test.type === "BinaryExpression" && test.parts.length === 2) {
      const [left, right] = test.parts;
      if (left === undefined || right === undefined) return undefined;
      const source = scope.module.file.python.text
        .slice(left.range.end, right.range.start)
        .replace(/[()\s]+/g, " ")
        .trim();
      const names = [left, right].map((one) => (one.kind === "name" ? one.name : one.kind === "text" ? one.value : ""));
      if (names.includes("__name__") && names.includes("__main__")) {
        return (source === "==") === scope.module.isMain;
      }
      const [a, b] = [this.value(left, scope), this.value(right, scope)];
      if (isNone(b) && a.kind !== "unknown" && (source === "is" || source === "is not")) {
        return isNone(a) === (source === "is");
      }
      return undefined;
    }
    const value = this.value(test, scope);
    return value.kind === "constant" ? Boolean(value.value) : undefined;
  }

  #for(targets: readonly Expression[], of: Expression, body: readonly Statement[], scope: Scope): Value | undefined {
    const over = this.value(of, scope);
    const items = loopItems(over);
    if (over.kind === "argv") this.argv.isOpen = true;
    if (items === undefined || items.length > LOOP) {
      for (const target of targets) assign(target, UNKNOWN, scope, this);
      this.#maybe(() => this.run(body, scope));
      return undefined;
    }
    for (const item of items) {
      const [only] = targets;
      if (targets.length === 1 && only !== undefined) assign(only, item, scope, this);
      else for (const [index, target] of targets.entries()) assign(target, itemOf(item, index), scope, this);
      this.run(body, scope);
    }
    return undefined;
  }

  #block(statement: Extract<Statement, { kind: "block" }>, scope: Scope): Value | undefined {
    for (const part of statement.head) this.value(part, scope);
    const isLoop = statement.type === "WhileStatement";
    const tried = statement.type === "TryStatement" ? this.argv.mark() : undefined;
    const returned = isLoop ? this.#maybe(() => this.run(statement.body, scope)) : this.run(statement.body, scope);
    if (tried !== undefined) this.argv.mayFailSince(tried);
    for (const other of statement.others) this.#maybe(() => this.run(other, scope));
    return isLoop ? undefined : returned;
  }

  value(expression: Expression, scope: Scope): Value {
    switch (expression.kind) {
      case "text":
      case "number":
      case "constant":
        return constantOf(expression);
      case "name":
        return lookUp(expression.name, scope);
      case "member":
        return valueOfMember(this.value(expression.of, scope), expression.name);
      case "call":
        return this.#call(expression, scope);
      case "list":
        return { kind: "list", items: expression.items.map((item) => this.value(item, scope)) };
      case "dict":
        if (expression.spread) return UNKNOWN;
        return {
          kind: "dict",
          entries: expression.entries.map(({ key, value }) => [this.value(key, scope), this.value(value, scope)]),
        };
      case "index":
        return this.#index(expression, scope);
      case "other":
        return this.#other(expression, scope);
      default:
        return expression satisfies never;
    }
  }

  #index(expression: Extract<Expression, { kind: "index" }>, scope: Scope): Value {
    const of = this.value(expression.of, scope);
    const [first] = expression.items.map((item) => this.value(item, scope));
    const number = asNumber(first);
    if (of.kind === "argv") {
      const place = { file: scope.module.file.path, range: expression.range };
      if (!expression.slice) return this.argv.item(of.from, number, this.isConditional, place);
      const isTail = expression.items.length === 1 && number !== undefined;
      return { kind: "argv", from: isTail ? of.from + number : -1 };
    }
    if (of.kind === "list" && number !== undefined && !expression.slice) return of.items.at(number) ?? UNKNOWN;
    return UNKNOWN;
  }

  #other(expression: Extract<Expression, { kind: "other" }>, scope: Scope): Value {
    if (expression.type === "FormatString") return formatted(sourceOf(expression, scope), scope);
    if (/Lambda|Comprehension/.test(expression.type)) {
      openParsersOf(sourceOf(expression, scope), scope);
      return UNKNOWN;
    }
    if (expression.type === "ConditionalExpression") {
      const [yes, test, no] = expression.parts;
      const truth = test === undefined ? undefined : this.#truth(test, scope);
      if (truth === true && yes !== undefined) return this.value(yes, scope);
      if (truth === false && no !== undefined) return this.value(no, scope);
      const either = [yes, no].flatMap((part) =>
        part === undefined ? [] : [this.#maybe(() => this.value(part, scope))],
      );
      // Nothing is known of a value that may be None, but that.
      return either.find(isNone) ?? UNKNOWN;
    }
    const values = expression.parts.map((part) => this.value(part, scope));
    const texts = values.map((value) =>
      value.kind === "constant" && typeof value.value === "string" ? value.value : undefined,
    );
    if (expression.type !== "BinaryExpression" || texts.some((text) => text === undefined)) return UNKNOWN;
    const { text } = scope.module.file.python;
    const [left, right] = expression.parts;
    const sign = text.slice(left?.range.end, right?.range.start).trim();
    return sign === "+" ? { kind: "constant", value: texts.join(""), text: texts.join("") } : UNKNOWN;
  }

  #call(call: CallNode, scope: Scope): Value {
    const callee = superMember(call.callee, this.#running.at(-1), scope) ?? this.value(call.callee, scope);
    const given: Arguments = {
      args: call.args.map((argument) => this.value(argument, scope)),
      keywords: new Map(call.keywords.map(({ name, value }) => [name, this.value(value, scope)])),
      spread: call.spread,
      call,
      scope,
      place: { file: scope.module.file.path, range: call.range },
    };
    const maps = call.maps?.map((one) => keywordsOf(this.value(one, scope)));
    if (maps !== undefined && maps.every((map) => map !== undefined)) {
      for (const map of maps) for (const [name, value] of map) given.keywords.set(name, value);
      given.spread = false;
    }
    return this.call(callee, given);
  }

  call(callee: Value, given: Arguments): Value {
    for (const hook of this.#hooks) {
      const made = hook.call(callee, given, this);
      if (made !== undefined) return made;
    }
    if (callee.kind === "function") return this.#invoke(callee, given);
    if (callee.kind === "class") {
      const instance: Value = { kind: "instance", class: callee, fields: new Map() };
      const start = valueOfMember(callee, "__init__");
      if (start.kind === "function") this.#invoke({ ...start, self: instance }, given);
      else openParsersIn(given);
      return instance;
    }
    if (callee.kind === "method" && callee.of.kind === "argv") this.argv.isChanged = true;
    const isCounted = callee.kind === "external" && callee.path === "builtins.len";
    if (given.args.some((value) => value.kind === "argv") && !isCounted) this.argv.isOpen = true;
    if (callee.kind === "external") {
      const { args, keywords, spread, place } = given;
      this.argv.convert(callee.path, args[0]);
      if (!isHarmless(callee.path)) openParsersIn(given);
      return { kind: "made", path: callee.path, args, keywords, spread, place };
    }
    if (callee.kind === "method" && callee.name === "items" && callee.of.kind === "dict")
      return { ...callee, name: "items()" };
    if (callee.kind === "method" && callee.name === "keys" && callee.of.kind === "dict") return callee.of;
    openParsersIn(given);
    return UNKNOWN;
  }

  #invoke(callee: FunctionValue, given: Arguments): Value {
    const inside = this.#running.filter((node) => node === callee.node).length;
    if (this.#running.length >= DEPTH || inside > 1) {
      openParsersIn(given);
      return UNKNOWN;
    }
    const scope: Scope = { names: new Map(), parent: callee.scope, module: callee.scope.module };
    bind(callee, given, scope, this);
    this.#running.push(callee.node);
    const returned = this.run(callee.node.body, scope);
    this.#running.pop();
    return returned ?? { kind: "constant", value: null, text: "None" };
  }
}
