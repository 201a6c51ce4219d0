import { type Command, Help, Option } from "@commander-js/extra-typings";
import { collect, parseDuration, parsePort, parseSize, parseWholeNumber } from "../parse.ts";

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
    .addOption(
      new Option("--port <n>", "port of the ingress, 0 for any free port (default: 8080)").argParser(
        parsePort("--port"),
      ),
    )
    .addOption(
      new Option("--admin-port <n>", "port of the admin API, 0 for any free port")
        .argParser(parsePort("--admin-port"))
        .default(9070),
    )
    .option("--host <address>", "address to listen on; the default is this machine only", "127.0.0.1")
    .option("--admin-host <address>", "address of the admin API; --host does not change it", "127.0.0.1")
    .option("--tls-cert <file>", "serve over TLS with this certificate (PEM)")
    .option("--tls-key <file>", "the private key of the certificate (PEM)")
    .option("--tls-client-ca <file>", "accept only clients with a certificate of these issuers (PEM)")
    .optionsGroup("Who may call:")
    .option("--token <token>", "accept only requests with the header authorization: Bearer <token>")
    .option("--allow-cancel", "let callers of the ingress cancel invocations, not only the admin API")
    .addOption(
      new Option(
        "--cors <origin>",
        "a web origin that may call, in addition to those on this machine; may repeat, * for all",
      ).argParser(collect),
    )
    .addOption(
      new Option(
        "--max-message-size <size>",
        "largest request message (64KiB, 4MiB; default: 32MiB)",
      ).argParser(parseSize("--max-message-size")),
    )
    .optionsGroup("What runs the invocations:")
    .addOption(
      new Option("--engine <name>", "this process, or a Restate 1.x server")
        .choices(["embedded", "restate"])
        .default("embedded" as const),
    )
    .option("--restate-ingress <url>", "with --engine restate: the ingress of the Restate server")
    .option("--restate-admin <url>", "with --engine restate: the admin API of the Restate server")
    .option("--as-endpoint", "serve the handlers to a Restate server instead, on --port (default: 9080)")
    .optionsGroup("The embedded engine:")
    .option("--data <dir>", "where invocations are kept", "./restate-data")
    .addOption(
      new Option("--retention <time>", "how long results are kept (10m, 24h, 30d; default: 24h)").argParser(
        parseDuration("--retention"),
      ),
    )
    .addOption(
      new Option("--max-attempts <n>", "attempts until an invocation fails (default: no limit)").argParser(
        parseWholeNumber("--max-attempts", 1),
      ),
    )
    .addOption(
      new Option("--max-retry-interval <time>", "longest wait between attempts (default: 10s)").argParser(
        parseDuration("--max-retry-interval"),
      ),
    )
    .addOption(
      new Option("--max-running <n>", "handlers that run at once (default: 1000)").argParser(
        parseWholeNumber("--max-running", 1),
      ),
    )
    .addOption(
      new Option(
        "--max-store-size <size>",
        "take no more invocations beyond this size (default: 8GiB)",
      ).argParser(parseSize("--max-store-size")),
    )
    .optionsGroup("What it shows:")
    .option("--no-console", "serve no web page on the admin port")
    .option(
      "--descriptors <file>",
      "show the comments of these .proto files in the console; written by buf build --output <file>",
    )
    .addOption(
      new Option("--log-format <format>", "readable lines, or one JSON object per line; on standard error")
        .choices(["text", "json"])
        .default("text" as const),
    )
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
