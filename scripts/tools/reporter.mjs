// Reporter for `node --test`: one JSON line for each test and file that ended, for scripts/tools/suites.mjs to count.

/** node asks for a default export. */
export default async function* report(source) {
  for await (const { type, data } of source) {
    if (type === "test:stdout" || type === "test:stderr") {
      yield line({ kind: "output", file: data.file, text: data.message });
    } else if (type === "test:pass" || type === "test:fail") {
      yield line(outcomeOf(type, data));
    } else if (type === "test:summary" && data.file !== undefined) {
      yield line({ kind: "file", file: data.file, ms: data.duration_ms });
    }
  }
}

function outcomeOf(type, data) {
  const skip = isSet(data.skip) ? data.skip : data.todo;
  return {
    kind: data.details?.type ?? "test",
    outcome: isSet(skip) ? "skipped" : type === "test:pass" ? "passed" : "failed",
    name: data.name,
    file: data.file,
    reason: typeof skip === "string" ? skip : undefined,
    ms: data.details?.duration_ms,
    failure: type === "test:fail" ? failureOf(data.details?.error) : undefined,
  };
}

function failureOf(error) {
  const texts = [];
  for (let one = error?.cause ?? error; one !== undefined && texts.length < 4; one = one?.cause) {
    texts.push(one?.stack ?? one?.message ?? String(one));
  }
  return { type: error?.failureType, text: texts.join("\ncaused by ") };
}

function isSet(mark) {
  return mark !== undefined && mark !== false;
}

function line(value) {
  return `${JSON.stringify(value)}\n`;
}
