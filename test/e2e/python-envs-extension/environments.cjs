// What Python Environments tells, as far as the tests need it: the interpreter that stands in the file FLOWDECK_TEST_PYTHON_ENVS
// names, and no environment while that file is not there. Without that variable it tells nothing.
const { existsSync, readFileSync } = require("node:fs");

exports.activate = () => {
  const file = process.env.FLOWDECK_TEST_PYTHON_ENVS;
  if (file === undefined) return {};
  return {
    getEnvironment: async () =>
      existsSync(file) ? { execInfo: { run: { executable: readFileSync(file, "utf8") } } } : undefined,
  };
};
