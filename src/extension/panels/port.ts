import type * as vscode from "vscode";
import type { Port } from "../../protocol/rpc.ts";
import type { Platform } from "../platform/platform.ts";

/** A webview as one end of the protocol. A hidden one loses what it is sent (PLATFORM.md): it asks for everything at boot. */
export function webviewPort(webview: vscode.Webview, platform: Platform): Port {
  return {
    post: (message) => platform.background("message to a panel", webview.postMessage(compact(message))),
    onMessage(listener) {
      const subscription = webview.onDidReceiveMessage(listener);
      return () => subscription.dispose();
    },
  };
}

/** The same message with columns that own their bytes: a view into a larger buffer would send all of it (VS Code 1.139). */
export function compact(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    // A Buffer's `slice` is a view again.
    return value.byteLength === value.buffer.byteLength ? value : Uint8Array.from(value);
  }
  if (value instanceof Float64Array || value instanceof Uint32Array)
    return value.byteLength === value.buffer.byteLength ? value : value.slice();
  if (Array.isArray(value)) return typeof value[0] === "object" ? value.map(compact) : value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, compact(inner)]));
}
