// What "restate-connect/web/grpc-web" exports. Written by npm run api: do not edit.

export { NamedTransportOptions, createGrpcWebTransport } from "restate-connect/web";
