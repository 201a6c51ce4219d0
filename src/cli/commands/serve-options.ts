import { Option } from "@commander-js/extra-typings";
import { logLevels } from "../../model/line-logger.ts";
import { collect, parseDuration, parsePort, parseSize, parseWholeNumber } from "../parse.ts";

/** Lets an environment variable set an option: RESTATE_CONNECT_PORT for `--port`. Before the option is added. */
function withVariable<O extends Pick<Option, "long" | "env">>(option: O): O {
  option.env(`RESTATE_CONNECT_${option.long?.slice(2).replaceAll("-", "_").toUpperCase()}`);
  return option;
}

// The options of serve.

export const port = withVariable(
  new Option("--port <n>", "port of the ingress, 0 for any free port (default: 8080)").argParser(
    parsePort("--port"),
  ),
);

export const adminPort = withVariable(
  new Option("--admin-port <n>", "port of the admin API, 0 for any free port")
    .argParser(parsePort("--admin-port"))
    .default(9070),
);

export const cors = withVariable(
  new Option(
    "--cors <origin>",
    "a web origin that may call, in addition to those on this machine; may repeat, * for all",
  ).argParser(collect),
);

export const maxMessageSize = withVariable(
  new Option("--max-message-size <size>", "largest request message (64KiB, 4MiB; default: 32MiB)").argParser(
    parseSize("--max-message-size"),
  ),
);

export const engine = withVariable(
  new Option("--engine <name>", "this process, or a Restate 1.x server")
    .choices(["embedded", "restate"])
    .default("embedded" as const),
);

export const retention = withVariable(
  new Option("--retention <time>", "how long results are kept (10m, 24h, 30d; default: 24h)").argParser(
    parseDuration("--retention"),
  ),
);

export const maxAttempts = withVariable(
  new Option("--max-attempts <n>", "attempts until an invocation fails (default: no limit)").argParser(
    parseWholeNumber("--max-attempts", 1),
  ),
);

export const maxRetryInterval = withVariable(
  new Option("--max-retry-interval <time>", "longest wait between attempts (default: 10s)").argParser(
    parseDuration("--max-retry-interval"),
  ),
);

export const maxRunning = withVariable(
  new Option("--max-running <n>", "handlers that run at once (default: 1000)").argParser(
    parseWholeNumber("--max-running", 1),
  ),
);

export const maxStoreSize = withVariable(
  new Option(
    "--max-store-size <size>",
    "take no more invocations beyond this size (default: 8GiB)",
  ).argParser(parseSize("--max-store-size")),
);

export const logFormat = withVariable(
  new Option("--log-format <format>", "readable lines, or one JSON object per line; on standard error")
    .choices(["text", "json"])
    .default("text" as const),
);

export const logLevel = withVariable(
  new Option("--log-level <level>", "the least important entries to write; debug has a line for each request")
    .choices(logLevels)
    .default("info" as const),
);

export const tracing = withVariable(
  new Option("--tracing", "make OpenTelemetry spans, for the SDK that node --import has set up"),
);

export const host = withVariable(
  new Option("--host <address>", "address to listen on; the default is this machine only").default(
    "127.0.0.1",
  ),
);

export const adminHost = withVariable(
  new Option("--admin-host <address>", "address of the admin API; --host does not change it").default(
    "127.0.0.1",
  ),
);

export const tlsCert = withVariable(
  new Option("--tls-cert <file>", "serve over TLS with this certificate (PEM)"),
);

export const tlsKey = withVariable(
  new Option("--tls-key <file>", "the private key of the certificate (PEM)"),
);

export const tlsClientCa = withVariable(
  new Option("--tls-client-ca <file>", "accept only clients with a certificate of these issuers (PEM)"),
);

export const token = withVariable(
  new Option(
    "--token <token>",
    "accept only requests with the header authorization: Bearer <token>; handlers do not see it",
  ),
);

export const allowCancel = withVariable(
  new Option("--allow-cancel", "let callers of the ingress cancel invocations, not only the admin API"),
);

export const restateIngress = withVariable(
  new Option("--restate-ingress <url>", "with --engine restate: the ingress of the Restate server"),
);

export const restateAdmin = withVariable(
  new Option("--restate-admin <url>", "with --engine restate: the admin API of the Restate server"),
);

export const asEndpoint = withVariable(
  new Option("--as-endpoint", "serve the handlers to a Restate server instead, on --port (default: 9080)"),
);

export const data = withVariable(
  new Option("--data <dir>", "where invocations are kept").default("./restate-data"),
);

export const descriptors = withVariable(
  new Option(
    "--descriptors <file>",
    "show the comments of these .proto files in the console and to grpcurl; written by buf build --output <file>",
  ),
);
