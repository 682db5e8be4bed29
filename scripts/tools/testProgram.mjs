// The program that runs test files, one after another, in itself: `node testProgram.mjs EVENTS TIMEOUT FILE…`. Each line of
// the file EVENTS is a test that ended. It has no flags of node's, for a program that a test forks would get them too.
import { appendFileSync } from "node:fs";
import { run } from "node:test";

const [events, timeout, ...files] = process.argv.slice(2);

/** Files of which it was told that they failed. */
const failedFiles = new Set();
const stream = run({ files, isolation: "none", timeout: Number(timeout) });
for await (const { type, data } of stream) {
  if (type === "test:pass" || type === "test:fail") write(outcomeOf(type, data));
  // What goes wrong after the end of its test is told there alone.
  if (type === "test:diagnostic" && data.message.startsWith("Error: ")) console.log(data.message);
  if (type === "test:fail") process.exitCode = 1;
}
// A file that breaks after its first test is told of by nobody else; one that never comes to its end ends this program here.
for (const file of files) {
  await import(file).catch((error) => {
    process.exitCode = 1;
    if (failedFiles.has(file)) return;
    write({ kind: "file", outcome: "failed", name: file, file, ms: 0, failure: failureOf(error) });
  });
}
write({ kind: "end" });

function outcomeOf(type, { name, file, nesting, skip, todo, details }) {
  const mark = isSet(skip) ? skip : todo;
  return {
    kind: name === file ? "file" : (details?.type ?? "test"),
    outcome: isSet(mark) ? "skipped" : type === "test:pass" ? "passed" : "failed",
    name,
    file,
    reason: typeof mark === "string" ? mark : undefined,
    // A test's time is in that of the test around it.
    ms: nesting === 0 ? details?.duration_ms : 0,
    failure: type === "test:fail" ? failureOf(details?.error) : undefined,
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

function write(event) {
  if (event.kind === "file" && event.outcome === "failed") failedFiles.add(event.file);
  appendFileSync(events, `${JSON.stringify(event)}\n`);
}
