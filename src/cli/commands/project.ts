import { type Command, Option } from "@commander-js/extra-typings";
import { collect } from "../parse.ts";

/** `restate-connect init`. */
export function addInit(program: Command): void {
  program
    .command("init")
    .summary("set up a project: protos, handlers, a client, scripts")
    .description(
      "Sets up the working folder, empty or an existing project: a first service with its handlers and a client, the protos it imports, the configuration of buf, packages and scripts. Finds out about package manager, TypeScript and module system. Files that exist stay as they are.",
    )
    .option("--no-install", "write files only: do not install packages, do not generate")
    .action(async (options) => (await import("../project/init.ts")).init(options));
}

/** `restate-connect generate`. */
export function addGenerate(program: Command): void {
  program
    .command("generate")
    .summary("generate clients with buf, and say what was generated")
    .description(
      "Runs buf generate, prints a summary, and fails if a generated file imports a file that was not generated.",
    )
    .option("--watch", "generate again after each change of a proto, until Ctrl-C")
    .action(async (options) => (await import("../project/generate.ts")).generate(options));
}

/** `restate-connect protos`. */
export function addProtos(program: Command): void {
  program
    .command("protos")
    .summary("copy the protos that services import into your project")
    .description(
      "Copies dev/restate/ext.proto and dev/restate/sdk/go.proto into a folder of your project, for workspaces and package managers that keep packages elsewhere.",
    )
    .argument("[folder]", "the root of your protos", "proto")
    .option("--check", "copy nothing; exit with 1 if a copy is missing or differs")
    .action(async (folder, options) => (await import("../project/protos.ts")).protos(folder, options));
}

/** `restate-connect pull`. */
export function addPull(program: Command): void {
  program
    .command("pull")
    .summary("generate clients of a running server, without its protos at hand")
    .description(
      "Writes the protos of the services that a running server has, and generates clients. The server gives its descriptors by gRPC reflection, as our ingress, connect-go and grpc-go can.",
    )
    .argument("<url>", "the server, for example http://localhost:8080")
    .option("--out <folder>", "the root of the protos", "proto")
    .addOption(new Option("--service <name>", "only this service; may repeat").argParser(collect))
    .option("--no-generate", "write the protos only")
    .action(async (url, options) => (await import("../pull/pull.ts")).pull(url, options));
}
