import { type Command, Help } from "@commander-js/extra-typings";
import { serverProblem } from "../../model/node-version.ts";
import { UsageError } from "../usage-error.ts";
import {
  adminHost,
  adminPort,
  allowCancel,
  asEndpoint,
  cors,
  data,
  descriptors,
  engine,
  host,
  logFormat,
  logLevel,
  maxAttempts,
  maxMessageSize,
  maxRetryInterval,
  maxRunning,
  maxStoreSize,
  port,
  restateAdmin,
  restateIngress,
  retention,
  tlsCert,
  tlsClientCa,
  tlsKey,
  token,
  tracing,
} from "./serve-options.ts";

/** `restate-connect serve`. Each option can be set by an environment variable too. */
export function addServe(program: Command): void {
  const command = program
    .command("serve")
    .summary("serve services over Connect, gRPC and gRPC-web")
    .description(
      "Serves the services that a module exports by default, an array of service(Descriptor, handlers), " +
        "over Connect, gRPC and gRPC-web on one port. The module is TypeScript or JavaScript.",
    )
    .argument("<module>", "the module, for example services.ts")
    .option("--watch", "start again when a file of the module changes; the data stays")
    .optionsGroup("Where it listens:")
    .addOption(port)
    .addOption(adminPort)
    .addOption(host)
    .addOption(adminHost)
    .addOption(tlsCert)
    .addOption(tlsKey)
    .addOption(tlsClientCa)
    .optionsGroup("Who may call:")
    .addOption(token)
    .addOption(allowCancel)
    .addOption(cors)
    .addOption(maxMessageSize)
    .optionsGroup("What runs the invocations:")
    .addOption(engine)
    .addOption(restateIngress)
    .addOption(restateAdmin)
    .addOption(asEndpoint)
    .optionsGroup("The embedded engine:")
    .addOption(data)
    .addOption(retention)
    .addOption(maxAttempts)
    .addOption(maxRetryInterval)
    .addOption(maxRunning)
    .addOption(maxStoreSize)
    .optionsGroup("What it shows:")
    .option("--no-console", "serve no web page on the admin port")
    .addOption(descriptors)
    .addOption(logFormat)
    .addOption(logLevel)
    .addOption(tracing)
    .addHelpText(
      "after",
      `
Each option has an environment variable: RESTATE_CONNECT_PORT for --port, and so on.
The admin port has /metrics for Prometheus, and /health and /ready for probes.
Ctrl-C drains: the server takes nothing new, finishes what is in flight, then exits.`,
    )
    .action(async (module, options) => {
      const problem = serverProblem("restate-connect serve");
      if (problem !== undefined) {
        throw new UsageError(problem);
      }
      const { serve, serveAndWatch } = await import("../serve/serve.ts");
      await (options.watch === true ? serveAndWatch(process.argv) : serve(module, options));
    });
  // Said once, at the end of the help, not at each option.
  command.configureHelp({
    optionDescription: (option) =>
      new Help().optionDescription(Object.create(option, { envVar: { value: undefined } })),
  });
}
