// What the Python Debugger extension does, as far as the tests need it: the adapter of the interpreter that FLOWDECK_DEBUGPY names.
const vscode = require("vscode");

exports.activate = (context) => {
  const python = process.env.FLOWDECK_DEBUGPY;
  if (python === undefined) return;
  const createDebugAdapterDescriptor = () => new vscode.DebugAdapterExecutable(python, ["-m", "debugpy.adapter"]);
  context.subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory("debugpy", { createDebugAdapterDescriptor }),
  );
};
