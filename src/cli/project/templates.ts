import type { ProjectKind } from "./kind.ts";

/** A file that `init` writes. */
export interface Template {
  readonly path: string;
  readonly text: string;
}

/** The first files of a project: a service, its handlers, a client, and how to generate. */
export function templates(kind: ProjectKind): readonly Template[] {
  const names = fileNames(kind);
  return [
    { path: "proto/greeter/v1/greeter.proto", text: proto },
    { path: "buf.yaml", text: bufYaml("proto") },
    { path: "buf.gen.yaml", text: bufGenYaml(kind, "proto") },
    { path: names.services, text: services(kind) },
    { path: names.client, text: kind.isModule ? client : commonJsClient },
    { path: names.demo, text: demo(kind) },
    ...(kind.isTypeScript ? [{ path: "tsconfig.json", text: tsconfig }] : []),
  ];
}

/** The names of the files that scripts run. */
export function fileNames({ isTypeScript, isModule }: ProjectKind) {
  const extension = `${isModule ? "" : "m"}${isTypeScript ? "ts" : "js"}`;
  return {
    services: `services.${extension}`,
    // In a CommonJS project the client is CommonJS too; the server side is ES modules only.
    client: isModule ? `client.${extension}` : "client.js",
    demo: `demo.${extension}`,
  };
}

const proto = `syntax = "proto3";

package greeter.v1;

import "dev/restate/ext.proto";

// Greets people, and counts how often.
service Greeter {
  option (dev.restate.ext.service_type) = KEYED;

  // Greets a person by name.
  rpc Greet(GreetRequest) returns (GreetResponse);
}

message GreetRequest {
  // Who is greeted. A KEYED service runs one invocation for each key at a time.
  string name = 1 [(dev.restate.ext.field) = KEY];
}

message GreetResponse {
  string greeting = 1;
}
`;

/** The configuration of buf for protos in a folder. */
export function bufYaml(folder: string): string {
  return `version: v2
modules:
  - path: ${folder}
lint:
  use: [BASIC] # STANDARD would call the service GreeterService
  ignore: [${folder}/dev/restate]
`;
}

/** What buf generates from protos in a folder: JavaScript with declarations, in `gen`. */
export function bufGenYaml({ isModule }: ProjectKind, folder: string): string {
  const options = isModule ? "import_extension=js" : "import_extension=js, js_import_style=legacy_commonjs";
  return `version: v2
clean: true
inputs:
  - directory: ${folder}
plugins:
  - local: protoc-gen-es
    out: gen
    strategy: all
    include_imports: true # also what your protos import from elsewhere
    opt: [${options}]
  - local: protoc-gen-restate-es
    out: gen
    strategy: all
    opt: [${options}]
`;
}

function services({ isTypeScript }: ProjectKind): string {
  return `import { service } from "restate-connect/ingress";
import { Greeter } from "./gen/greeter/v1/greeter_pb.js";

const counts = new Map${isTypeScript ? "<string, number>" : ""}();

export default [
  service(Greeter, {
    greet({ name }) {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return { greeting: \`Hello \${name} (\${count})\` };
    },
  }),
];
`;
}

const calls = `const { greeting } = await greeter.greet(); // call
console.log("call:", greeting);

const sent = await greeter.send.greet(); // one-way: resolves once the ingress holds it
console.log("send:", sent.id);
console.log("attach:", (await sent.attach()).greeting);
`;

const client = `import { createTransport } from "restate-connect/node";
import { createGreeterClient } from "./gen/greeter/v1/greeter_restate.js";

const baseUrl = process.env.RESTATE_CONNECT_URL ?? "http://localhost:8080";
const greeter = createGreeterClient(createTransport({ baseUrl })).key("Pete");

${calls}`;

const commonJsClient = `const { createTransport } = require("restate-connect/node");
const { createGreeterClient } = require("./gen/greeter/v1/greeter_restate.js");

const baseUrl = process.env.RESTATE_CONNECT_URL ?? "http://localhost:8080";
const greeter = createGreeterClient(createTransport({ baseUrl })).key("Pete");

async function main() {
${calls.replaceAll(/^(?=.)/gm, "  ")}}

module.exports = main();
`;

function demo(kind: ProjectKind): string {
  const names = fileNames(kind);
  const run = kind.isModule
    ? `await import("./${names.client}");`
    : `const { default: done } = await import("./${names.client}");\nawait done;`;
  return `// Serves and calls in one process. On a server, run restate-connect serve ${names.services} instead.
import { embedded } from "restate-connect/engine";
import { createIngress } from "restate-connect/ingress";
import services from "./${names.services}";

const ingress = createIngress({ services, engine: embedded({ path: "./restate-data" }) });
const { url } = await ingress.listen({ port: 0, adminPort: 0 });
process.env.RESTATE_CONNECT_URL = url;
${run}
await ingress.close();
`;
}

const tsconfig = `${JSON.stringify(
  {
    compilerOptions: {
      target: "es2024",
      module: "nodenext",
      types: ["node"],
      strict: true,
      noEmit: true,
      allowJs: true,
      allowImportingTsExtensions: true,
    },
    include: ["*.ts", "*.mts", "*.js"],
  },
  null,
  2,
)}
`;
