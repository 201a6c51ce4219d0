// What "restate-connect/web/connect" exports. Written by npm run api: do not edit.

export { NamedTransportOptions, createConnectTransport } from "restate-connect/web";
