import { type Command, Option } from "@commander-js/extra-typings";
import { collect, parsePort } from "../parse.ts";

/** `restate-connect serve`. */
export function addServe(program: Command): void {
  program
    .command("serve")
    .summary("serve services over Connect, gRPC and gRPC-web")
    .description(
      "Serves the services that a module exports by default, an array of service(Descriptor, handlers), " +
        "over Connect, gRPC and gRPC-web on one port. The module is TypeScript or JavaScript.",
    )
    .argument("<module>", "the module, for example services.ts")
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
    .option("--data <dir>", "where invocations are kept", "./restate-data")
    .addOption(
      new Option("--engine <name>", "what runs the invocations: this process, or a Restate 1.x server")
        .choices(["embedded", "restate"])
        .default("embedded" as const),
    )
    .option("--restate-ingress <url>", "with --engine restate: the ingress of the Restate server")
    .option("--restate-admin <url>", "with --engine restate: the admin API of the Restate server")
    .option("--as-endpoint", "serve the handlers to a Restate server instead, on --port (default: 9080)")
    .addOption(
      new Option(
        "--cors <origin>",
        "a web origin that may call, in addition to those on this machine; may repeat, * for all",
      ).argParser(collect),
    )
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
      "\nCtrl-C drains: the server takes nothing new, finishes what is in flight, then exits.",
    )
    .action(async (module, options) => (await import("../serve/serve.ts")).serve(module, options));
}
