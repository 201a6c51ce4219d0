import type { RunPart } from "../context.ts";
import { startServer } from "../servers/start.ts";
import { measurePage } from "./measure-page.ts";

/** The pages, by who wrote what they import and by what they use of it. */
export const pages = [
  { contender: "protobuf-es alone", work: "one typed call", file: "protobuf-es.ts" },
  { contender: "connect-web", work: "one typed call", file: "connect-web.ts" },
  { contender: "connect-web, gRPC-web", work: "one typed call", file: "connect-web-grpc-web.ts" },
  { contender: "ours, createTransport", work: "one typed call", file: "create-transport.ts" },
  { contender: "ours, createConnectTransport", work: "one typed call", file: "connect-transport.ts" },
  { contender: "ours, createGrpcWebTransport", work: "one typed call", file: "grpc-web-transport.ts" },
  { contender: "ours, createRestateTransport", work: "one typed call", file: "restate-transport.ts" },
  { contender: "ours, JSON client", work: "one typed call", file: "json-client.ts" },
] as const;

/** What a page with one typed call weighs. Sizes are exact: one round is enough. */
export const run: RunPart = async (context) => {
  await using server = await startServer({ cores: undefined }, "raw", "1.1", "5", "as-restate");
  const measurements = [];
  for (const { contender, work, file } of pages) {
    context.progress(`${contender}: bundling and loading`);
    const page = new URL(`./pages/${file}`, import.meta.url);
    const { loaded, everything } = await measurePage(page, { url: server.ready.url });
    const figures = {
      minifiedBytes: [loaded.minified],
      gzipBytes: [loaded.gzip],
      files: [loaded.files],
      gzipBytesOfAllFiles: [everything.gzip],
    };
    measurements.push({ work, contender, figures });
  }
  return measurements;
};
