// What the benches of several parts have in common: which parts are asked for, and that what they start ends with them.
import { buildOurs, stopServers } from "./servers.mjs";

/** Builds ours, then calls `measurePart` of the modules `folder`/<part>.mjs that the command line names, of all `parts` where it names none. */
export async function measureParts(folder, parts) {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !parts.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no part ${unknown.join(", ")}: choose from ${parts.join(", ")}.`);
    process.exit(2);
  }
  process.once("exit", stopServers);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
  await buildOurs();
  for (const name of wanted.length > 0 ? wanted : parts) {
    console.log(`\n${name}`);
    const { measurePart } = await import(new URL(`${name}.mjs`, folder).href);
    await measurePart();
  }
}
