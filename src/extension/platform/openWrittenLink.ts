import * as vscode from "vscode";

/** Opens a link of a note or a description in the browser. Whoever wrote it, anything else, such as `command:` or `file:`, could do something here. */
export async function openWrittenLink(href: string): Promise<void> {
  const uri = vscode.Uri.parse(href, true);
  if (["http", "https", "mailto"].includes(uri.scheme)) await vscode.env.openExternal(uri);
}
