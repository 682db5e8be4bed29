// What the Python extension tells, as far as the tests need it: the interpreter that stands in the file FLOWDECK_TEST_PYTHON names.
// Without that variable it tells nothing.
const { readFileSync } = require("node:fs");
const vscode = require("vscode");

exports.activate = () => {
  const file = process.env.FLOWDECK_TEST_PYTHON;
  if (file === undefined) return {};
  return {
    environments: {
      getActiveEnvironmentPath: () => ({ id: "tests", path: readFileSync(file, "utf8") }),
      resolveEnvironment: async ({ path }) => ({ executable: { uri: vscode.Uri.file(path) } }),
    },
  };
};
