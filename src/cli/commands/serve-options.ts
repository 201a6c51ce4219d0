import { Option } from "@commander-js/extra-typings";
import { collect, parseDuration, parsePort, parseSize, parseWholeNumber } from "../parse.ts";

// The options of serve that read their values.

export const port = new Option(
  "--port <n>",
  "port of the ingress, 0 for any free port (default: 8080)",
).argParser(parsePort("--port"));

export const adminPort = new Option("--admin-port <n>", "port of the admin API, 0 for any free port")
  .argParser(parsePort("--admin-port"))
  .default(9070);

export const cors = new Option(
  "--cors <origin>",
  "a web origin that may call, in addition to those on this machine; may repeat, * for all",
).argParser(collect);

export const maxMessageSize = new Option(
  "--max-message-size <size>",
  "largest request message (64KiB, 4MiB; default: 32MiB)",
).argParser(parseSize("--max-message-size"));

export const engine = new Option("--engine <name>", "this process, or a Restate 1.x server")
  .choices(["embedded", "restate"])
  .default("embedded" as const);

export const retention = new Option(
  "--retention <time>",
  "how long results are kept (10m, 24h, 30d; default: 24h)",
).argParser(parseDuration("--retention"));

export const maxAttempts = new Option(
  "--max-attempts <n>",
  "attempts until an invocation fails (default: no limit)",
).argParser(parseWholeNumber("--max-attempts", 1));

export const maxRetryInterval = new Option(
  "--max-retry-interval <time>",
  "longest wait between attempts (default: 10s)",
).argParser(parseDuration("--max-retry-interval"));

export const maxRunning = new Option(
  "--max-running <n>",
  "handlers that run at once (default: 1000)",
).argParser(parseWholeNumber("--max-running", 1));

export const maxStoreSize = new Option(
  "--max-store-size <size>",
  "take no more invocations beyond this size (default: 8GiB)",
).argParser(parseSize("--max-store-size"));

export const logFormat = new Option(
  "--log-format <format>",
  "readable lines, or one JSON object per line; on standard error",
)
  .choices(["text", "json"])
  .default("text" as const);
