import { type Command, Help } from "@commander-js/extra-typings";
import {
  adminPort,
  cors,
  engine,
  logFormat,
  maxAttempts,
  maxMessageSize,
  maxRetryInterval,
  maxRunning,
  maxStoreSize,
  port,
  retention,
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
    .option("--host <address>", "address to listen on; the default is this machine only", "127.0.0.1")
    .option("--admin-host <address>", "address of the admin API; --host does not change it", "127.0.0.1")
    .option("--tls-cert <file>", "serve over TLS with this certificate (PEM)")
    .option("--tls-key <file>", "the private key of the certificate (PEM)")
    .option("--tls-client-ca <file>", "accept only clients with a certificate of these issuers (PEM)")
    .optionsGroup("Who may call:")
    .option("--token <token>", "accept only requests with the header authorization: Bearer <token>")
    .option("--allow-cancel", "let callers of the ingress cancel invocations, not only the admin API")
    .addOption(cors)
    .addOption(maxMessageSize)
    .optionsGroup("What runs the invocations:")
    .addOption(engine)
    .option("--restate-ingress <url>", "with --engine restate: the ingress of the Restate server")
    .option("--restate-admin <url>", "with --engine restate: the admin API of the Restate server")
    .option("--as-endpoint", "serve the handlers to a Restate server instead, on --port (default: 9080)")
    .optionsGroup("The embedded engine:")
    .option("--data <dir>", "where invocations are kept", "./restate-data")
    .addOption(retention)
    .addOption(maxAttempts)
    .addOption(maxRetryInterval)
    .addOption(maxRunning)
    .addOption(maxStoreSize)
    .optionsGroup("What it shows:")
    .option("--no-console", "serve no web page on the admin port")
    .option(
      "--descriptors <file>",
      "show the comments of these .proto files in the console; written by buf build --output <file>",
    )
    .addOption(logFormat)
    .addHelpText(
      "after",
      `
Each option has an environment variable: RESTATE_CONNECT_PORT for --port, and so on.
Ctrl-C drains: the server takes nothing new, finishes what is in flight, then exits.`,
    )
    .action(async (module, options) => {
      const { serve, serveAndWatch } = await import("../serve/serve.ts");
      await (options.watch === true ? serveAndWatch(process.argv) : serve(module, options));
    });
  // Said once, at the end of the help, not at each option.
  command.configureHelp({
    optionDescription: (option) =>
      new Help().optionDescription(Object.create(option, { envVar: { value: undefined } })),
  });
  for (const option of command.options) {
    if (option.long?.startsWith("--no-") === false && option.long !== "--watch") {
      option.env(`RESTATE_CONNECT_${option.long.slice(2).replaceAll("-", "_").toUpperCase()}`);
    }
  }
}
