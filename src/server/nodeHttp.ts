/**
 * Node's HTTP server, not imported: an import asks a built-in module for all that it offers, here a WebSocket too, and with it for all of
 * `fetch`. That took a quarter of the server's start.
 */
export const { createServer, ServerResponse, STATUS_CODES } = process.getBuiltinModule("node:http");
