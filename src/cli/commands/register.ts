import type { Command } from "@commander-js/extra-typings";

/** `restate-connect register`. */
export function addRegister(program: Command): void {
  program
    .command("register")
    .summary("register an endpoint with a Restate server")
    .description(
      "Registers the services of an endpoint with a Restate server. " +
        "Serve them with: restate-connect serve <module> --as-endpoint",
    )
    .argument("<admin-url>", "the admin API of the Restate server, for example http://localhost:9070")
    .option(
      "--endpoint <url>",
      "where the server finds the endpoint; for a server in a container, http://host.docker.internal:9080",
      "http://localhost:9080",
    )
    .option("--force", "replace what was registered under this URL, for example after the services changed")
    .action(async (adminUrl, options) => (await import("../register.ts")).register(adminUrl, options));
}
