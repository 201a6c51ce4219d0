import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Endpoint } from "../../endpoint/index.ts";
import { createIngress } from "../../ingress/index.ts";
import { type LogFormat, lineLogger } from "../../model/line-logger.ts";
import type { LogLevel } from "../../model/log-line.ts";
import type { Logger } from "../../model/logger.ts";
import type { Service } from "../../service/service.ts";
import { oneLine, UsageError } from "../usage-error.ts";
import { banner } from "./banner.ts";
import { endpointBanner, loadEndpoint } from "./endpoint.ts";
import { chooseEngine, type EngineFlags } from "./engine.ts";
import { loadServices } from "./load-services.ts";
import { type PortFlag, portInUse } from "./port-in-use.ts";
import { readNamedFile } from "./read-named-file.ts";
import { requireToken } from "./require-token.ts";
import { readTls, type TlsFlags } from "./tls.ts";
import { loadTracing } from "./tracing.ts";

/** The options of `restate-connect serve`. */
export interface ServeOptions extends EngineFlags, TlsFlags {
  readonly port?: number | undefined;
  readonly adminPort: number;
  readonly host: string;
  readonly adminHost: string;
  readonly asEndpoint?: true | undefined;
  readonly cors?: readonly string[] | undefined;
  readonly token?: string | undefined;
  readonly allowCancel?: true | undefined;
  /** Bytes. */
  readonly maxMessageSize?: number | undefined;
  readonly logFormat: LogFormat;
  readonly logLevel: LogLevel;
  readonly tracing?: true | undefined;
  readonly console: boolean;
  readonly descriptors?: string | undefined;
}

/**
 * Serves the services of a module until the process is interrupted.
 *
 * @throws UsageError when the module, an option, the data directory or a port cannot be used.
 */
export async function serve(module: string, options: ServeOptions): Promise<void> {
  const { host, adminHost, adminPort, cors } = options;
  const logger = lineLogger({ format: options.logFormat, level: options.logLevel });
  const services = await loadServices(module);
  const tracing = options.tracing === true ? await loadTracing(logger) : undefined;
  outliveHandlerErrors(logger);
  if (options.asEndpoint === true) {
    const endpoint = await loadEndpoint({ services, tracing });
    await serveEndpoint(endpoint, services, { port: options.port ?? 9080, host }, logger);
    return;
  }
  const tls = await readTls(options);
  const { engine, place } = chooseEngine(options, logger);
  const { descriptors } = options;
  const fileDescriptorSet =
    descriptors === undefined ? undefined : await readNamedFile("--descriptors", descriptors);
  const ports = [
    { flag: "--port", port: options.port ?? 8080 },
    { flag: "--admin-port", port: adminPort },
  ];
  const ingress = await orUsageError(ports, async () => {
    const created = createIngress({
      services,
      engine,
      logger,
      console: options.console,
      fileDescriptorSet,
      tracing,
      ...(tls === undefined ? {} : { tls }),
      ...(cors === undefined ? {} : { cors: { origins: cors } }),
      authenticate: options.token === undefined ? undefined : requireToken(options.token),
      allowCancel: options.allowCancel,
      limits: { maxMessageBytes: options.maxMessageSize },
    });
    const urls = await created.listen({ port: options.port ?? 8080, adminPort, host, adminHost });
    return { ...urls, close: () => created.close() };
  });
  const stopped = interrupted(); // before the banner: its reader may interrupt at once
  process.stdout.write(banner(services, { ...ingress, place, hasConsole: options.console }));
  await drained(stopped, () => ingress.close(), logger);
}

/** Runs the same command in a process that Node starts again when a file of its modules changes. */
export async function serveAndWatch(argv: readonly string[]): Promise<void> {
  const [node = process.execPath, script = "", ...args] = argv;
  const child = spawn(
    node,
    [
      ...process.execArgv,
      "--watch",
      "--watch-preserve-output",
      script,
      ...args.filter((arg) => arg !== "--watch"),
    ],
    { stdio: "inherit" },
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => child.kill(signal));
  }
  const [code] = await once(child, "exit");
  process.exitCode = typeof code === "number" ? code : 0;
}

async function serveEndpoint(
  endpoint: Endpoint,
  services: readonly Service[],
  { port, host }: { readonly port: number; readonly host: string },
  logger: Logger,
): Promise<void> {
  const { url } = await orUsageError([{ flag: "--port", port }], () => endpoint.listen({ port, host }));
  const stopped = interrupted();
  process.stdout.write(endpointBanner(url, services));
  await drained(stopped, () => endpoint.close(), logger);
}

/**
 * A promise that a handler does not wait for may fail, and a timer or a listener of a handler may throw. Node would end
 * the process, with all that others have in flight, and do so again when the invocation is retried.
 */
function outliveHandlerErrors(logger: Logger): void {
  process.on("unhandledRejection", (reason) => {
    logger.error("unhandled promise rejection in a handler", { error: reason });
  });
  process.on("uncaughtException", (error) => {
    logger.error("uncaught error in a timer or listener of a handler", { error });
  });
}

async function drained(stopped: Promise<void>, close: () => Promise<void>, logger: Logger): Promise<void> {
  await stopped;
  process.once("SIGINT", () => process.exit(130));
  logger.info("draining (press Ctrl-C again to quit immediately)");
  await close();
}

/** Turns an error at the start (port in use, locked or unreadable store) into a UsageError: one line, no stack. */
async function orUsageError<T>(ports: readonly PortFlag[], start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (reason) {
    throw new UsageError(portInUse(ports, reason) ?? oneLine(reason), { cause: reason });
  }
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}
