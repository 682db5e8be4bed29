// What the Python Debugger extension does, as far as the tests need it: the adapter of the interpreter that FLOWDECK_DEBUGPY names,
// and a session of its own for each Python that a debugged one starts.
const vscode = require("vscode");

exports.activate = (context) => {
  const python = process.env.FLOWDECK_DEBUGPY;
  if (python === undefined) return;
  const createDebugAdapterDescriptor = ({ configuration: { connect } }) =>
    connect === undefined
      ? new vscode.DebugAdapterExecutable(python, ["-m", "debugpy.adapter"])
      : new vscode.DebugAdapterServer(connect.port, connect.host);
  context.subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory("debugpy", { createDebugAdapterDescriptor }),
    vscode.debug.onDidReceiveDebugSessionCustomEvent(async ({ session, event, body }) => {
      if (event !== "debugpyAttach") return;
      const options = { parentSession: session, lifecycleManagedByParent: true };
      await vscode.debug.startDebugging(session.workspaceFolder, body, options);
    }),
  );
};
