import { createTransport } from "restate-connect/node";

/** One for the whole server: all requests share its connections. */
export const transport = createTransport({
  baseUrl: process.env.RESTATE_CONNECT_URL ?? "http://localhost:8080",
  protocol: "grpc",
});
