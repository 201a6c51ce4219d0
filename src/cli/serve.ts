import { parseArgs } from "node:util";
import { createIngress } from "../ingress/index.ts";
import { type LogFormat, lineLogger } from "../model/line-logger.ts";
import type { Logger } from "../model/logger.ts";
import type { Service } from "../service/service.ts";
import type { Command } from "./command.ts";
import { loadServices } from "./load-services.ts";
import { readNamedFile } from "./read-named-file.ts";
import { banner } from "./serve-banner.ts";
import { endpointBanner, loadEndpoint } from "./serve-endpoint.ts";
import { chooseEngine } from "./serve-engine.ts";
import { readTls } from "./serve-tls.ts";
import { oneLine, UsageError } from "./usage-error.ts";

const help = `Usage: restate-connect serve <module> [options]

Serves the services that the module exports by default, an array of service(Descriptor, handlers),
over Connect, gRPC and gRPC-web on one port. The module is TypeScript or JavaScript.

Options:
  --port <n>              port of the ingress, 0 for any free one (default 8080)
  --admin-port <n>        port of the admin API, 0 for any free one (default 9070)
  --host <address>        address to listen on (default 127.0.0.1: this machine only)
  --admin-host <address>  address of the admin API (default 127.0.0.1, whatever --host says)
  --tls-cert <file>       serve over TLS with this certificate and
  --tls-key <file>        its private key, both PEM
  --tls-client-ca <file>  take only clients with a certificate of these issuers, PEM
  --data <dir>            where invocations are kept (default ./restate-data)
  --engine <name>         what runs the invocations: embedded (default), or restate, a Restate 1.x
                          server, with --restate-ingress <url> and --restate-admin <url>
  --as-endpoint           serve the handlers to a Restate server instead, on --port (default 9080)
  --no-console            serve no web page on the admin port
  --descriptors <file>    show the comments of these .proto files in the console; written by
                          buf build --output <file>
  --cors <origin>         a web origin that may call, besides those on this machine; may repeat, * for all
  --log-format <format>   text (default): readable lines; json: one JSON object per line; on standard error
  --help                  this text

Ctrl-C drains: nothing new is taken, what is in flight ends, then the server exits.
`;

export const command: Command = { help, run: serve };

async function serve(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      port: { type: "string" },
      "admin-port": { type: "string", default: "9070" },
      host: { type: "string", default: "127.0.0.1" },
      "admin-host": { type: "string", default: "127.0.0.1" },
      "tls-cert": { type: "string" },
      "tls-key": { type: "string" },
      "tls-client-ca": { type: "string" },
      data: { type: "string", default: "./restate-data" },
      engine: { type: "string", default: "embedded" },
      "restate-ingress": { type: "string" },
      "restate-admin": { type: "string" },
      "as-endpoint": { type: "boolean", default: false },
      cors: { type: "string", multiple: true },
      "log-format": { type: "string", default: "text" },
      "no-console": { type: "boolean", default: false },
      descriptors: { type: "string" },
    },
  });
  const [module, ...others] = positionals;
  if (module === undefined || others.length > 0) {
    throw new UsageError(
      "serve takes one module: restate-connect serve services.ts (see restate-connect serve --help)",
    );
  }
  const port = portNumber("--port", values.port ?? (values["as-endpoint"] ? "9080" : "8080"));
  const adminPort = portNumber("--admin-port", values["admin-port"]);
  const logger = lineLogger({ format: logFormat(values["log-format"]) });
  const services = await loadServices(module);
  outliveForgottenPromises(logger);
  if (values["as-endpoint"]) {
    return await serveEndpoint(services, port, values.host, logger);
  }
  const tls = await readTls(values);
  const { engine, place } = chooseEngine(values, logger);
  const { descriptors } = values;
  const fileDescriptorSet =
    descriptors === undefined ? undefined : await readNamedFile("--descriptors", descriptors);
  const ingress = await orUsageError(async () => {
    const created = createIngress({
      services,
      engine,
      logger,
      console: !values["no-console"],
      fileDescriptorSet,
      ...(tls === undefined ? {} : { tls }),
      ...(values.cors === undefined ? {} : { cors: { origins: values.cors } }),
    });
    const urls = await created.listen({
      port,
      adminPort,
      host: values.host,
      adminHost: values["admin-host"],
    });
    return { ...urls, close: () => created.close() };
  });
  const stopped = interrupted(); // before the banner: whoever reads it may interrupt at once
  process.stdout.write(banner(services, { ...ingress, place, hasConsole: !values["no-console"] }));
  await drained(stopped, () => ingress.close(), logger);
  return 0;
}

async function serveEndpoint(
  services: readonly Service[],
  port: number,
  host: string,
  logger: Logger,
): Promise<number> {
  const endpoint = await loadEndpoint(services);
  const { url } = await orUsageError(() => endpoint.listen({ port, host }));
  const stopped = interrupted();
  process.stdout.write(endpointBanner(url, services));
  await drained(stopped, () => endpoint.close(), logger);
  return 0;
}

/**
 * A promise that a handler does not wait for, or not yet, may fail. Node would end the process, with all
 * that others have in flight, and do so again when the invocation is retried.
 */
function outliveForgottenPromises(logger: Logger): void {
  process.on("unhandledRejection", (reason) => {
    logger.error("unhandled promise rejection in a handler", { error: reason });
  });
}

async function drained(stopped: Promise<void>, close: () => Promise<void>, logger: Logger): Promise<void> {
  await stopped;
  process.once("SIGINT", () => process.exit(130));
  logger.info("draining (Ctrl-C again to quit at once)");
  await close();
}

/** What stops a server from starting is for the user to mend: a port in use, a locked or unreadable store. */
async function orUsageError<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (reason) {
    throw new UsageError(oneLine(reason), { cause: reason });
  }
}

function logFormat(text: string): LogFormat {
  if (text !== "text" && text !== "json") {
    throw new UsageError(`--log-format must be text or json, not ${JSON.stringify(text)}`);
  }
  return text;
}

function portNumber(option: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) {
    throw new UsageError(`${option} ${JSON.stringify(text)} is no port: use a number from 0 to 65535`);
  }
  return port;
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}
