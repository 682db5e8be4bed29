// `npm run generate`: writes the generated files from an installed mlflow and the schemas in shared/interop. `node scripts/generate.mjs FOLDER` writes them there.
import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { generateSchema } from "./generateSchema.mjs";
import { cacheFolder } from "./tools/cache.mjs";
import { root, run, tellAndFail, Trouble } from "./tools/run.mjs";

async function generate(folder) {
  const python = process.env.FLOWDECK_PYTHON ?? join(cacheFolder, "python-mlflow-3.17.2/bin/python");
  if (!existsSync(python)) {
    throw new Trouble(
      `No Python with mlflow 3.17.2 at ${python}: run npm test once, or set FLOWDECK_PYTHON to an interpreter that has it.`,
    );
  }
  const api = join(folder ?? join(root, "src/mlflow"), "api.generated.ts");
  await run(python, [join(root, "scripts/generateApi.py"), api], { failure: "The API could not be generated." });
  const graphql = join(folder ?? join(root, "src/mlflow"), "graphql.generated.ts");
  await run(python, [join(root, "scripts/generateGraphql.py"), graphql], {
    failure: "The GraphQL schema could not be generated.",
  });
  const schema = join(folder ?? join(root, "src/store/sqlite"), "schema.generated.ts");
  const interop = join(process.env.FLOWDECK_SHARED ?? join(root, "../shared"), "interop");
  if (!existsSync(interop)) throw new Trouble(`No schemas of mlflow's releases at ${interop}: set FLOWDECK_SHARED.`);
  writeFileSync(schema, generateSchema(interop));
}

const [, , folder] = process.argv;
await generate(folder === undefined ? undefined : resolve(folder)).catch(tellAndFail);
