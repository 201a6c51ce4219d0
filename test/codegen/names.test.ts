import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bufGenerate, typeCheck, userProject } from "./project.ts";
import { generateFrom, root, writeFiles } from "./support.ts";
import { torture } from "./torture.ts";

const protos = Object.fromEntries(Object.entries(torture).map(([name, text]) => [`proto/${name}`, text]));

/** Uses what is generated, for the compiler to follow every name to what it means. */
const use = `
import { type Service, service } from "${root}/src/service/index.ts";
import type { Transport } from "@connectrpc/connect";
import { Greeter, GreeterObject, transport as transportService } from "./gen/acme/names_pb.EXTENSION";
import {
  createGreeterClient,
  createGreeterObjectClient,
  createGreetersClient,
  createtransportClient,
  createWorkflowClient,
  type GreeterHandlers,
  type GreeterObjectHandlers,
  type transportHandlers,
} from "./gen/acme/names_restate.EXTENSION";
import { createPromiseClient } from "./gen/acme/promise-service_restate.EXTENSION";

declare function is<Name extends string>(message: { readonly $typeName: Name }): void;

export async function calls(transport: Transport): Promise<[void, void]> {
  const greeter = createGreeterClient(transport);
  is<"acme.GreeterClient">(await greeter.send$({ promise: {} }));
  is<"acme.Outer.Inner.Promise">(await greeter.new({}));
  is<"acme.Outer.Inner.Promise">(await (await greeter.send.new({})).attach());
  is<"acme.Outer_X">(await greeter.nested({}));
  is<"public.Empty">(await greeter.imported({ $typeName: "other.Promise" }));
  is<"acme.Context">(await (await greeter.send.then$({})).attach());
  await greeter._private({ timeoutMs: 1 });

  const object = createGreeterObjectClient(transport).key("a");
  is<"acme.Keyed">(await object.send$({ choice: { case: "text", value: "b" } }));
  await object.key$();
  await object.then$({ other: "b" });
  await object.send.key$({}, { delay: 1 });
  // @ts-expect-error: the key is named already
  await object.then$({ other: "b", constructor$: "c" });
  // @ts-expect-error: this request has more than a key
  await object.then$();

  const greeters = createGreetersClient(transport).key("a");
  is<"acme.Keyed">(await greeters.submit({ theKey: "b" }));
  is<"acme.Request">(await greeters.key$({ timeoutMs: 1 }));
  // @ts-expect-error: a KEYED client has no methods without a key
  await createGreetersClient(transport).submit({});

  const workflow = createWorkflowClient(transport).workflow("a");
  const attached: void = await (await workflow.submit({}, { delay: 1 })).attach();
  is<"google.protobuf.Empty">((await workflow.output()) ?? { $typeName: "google.protobuf.Empty" });
  is<"acme.Promise">(await workflow.run({}));
  is<"acme.Request">(await workflow.submit$({}));
  is<"acme.Request">(await workflow.attach$({ timeoutMs: 1 }));
  is<"acme.Request">(await (await workflow.send.workflow$({})).attach());
  const put: void = await workflow.output$({});
  // @ts-expect-error: its id makes a workflow run once
  await workflow.submit({}, { idempotencyKey: "a" });
  // @ts-expect-error: what runs is submitted
  await workflow.begin({});

  is<"acme.createClient">(await createtransportClient(transport).createClient({}));
  await createPromiseClient(transport).then$({});
  return [attached, put];
}

export function services(a: GreeterHandlers, b: GreeterObjectHandlers, c: transportHandlers): Service[] {
  return [service(Greeter, a), service(GreeterObject, b), service(transportService, c)];
}
`;

const useJson = `
import {
  createGreeterJsonClient,
  createGreeterObjectJsonClient,
  createWorkflowJsonClient,
} from "./gen/acme/names_restate_json.ts";
import { createPromiseJsonClient } from "./gen/acme/promise-service_restate_json.ts";

export async function calls(): Promise<void> {
  const options = { baseUrl: "http://localhost:8080" };
  const greeter = createGreeterJsonClient(options);
  await greeter.send$({ promise: {} });
  await greeter.send.then$({});
  const object = createGreeterObjectJsonClient(options).key("a");
  const keyed = await object.send$({ text: "b" });
  const text: string | undefined = keyed.text;
  await object.key$();
  // @ts-expect-error: the key is named already
  await object.then$({ other: text ?? "", constructor: "c" });
  const workflow = createWorkflowJsonClient(options).workflow("a");
  await workflow.submit({}, { delay: 1 });
  await workflow.submit$({});
  await createPromiseJsonClient(options).then$({});
}
`;

describe("names that get in each other's way", () => {
  it("compile as TypeScript", async () => {
    await using project = await userProject(protos);
    await bufGenerate(project.path, ["target=ts", "import_extension=ts"]);
    await writeFiles(project.path, { "use.ts": use.replaceAll("EXTENSION", "ts") });
    await typeCheck(project.path);
  });

  it("compile as JSON clients", async () => {
    await using project = await userProject(protos);
    await bufGenerate(project.path, ["target=ts", "import_extension=ts", "json_client=true"]);
    await writeFiles(project.path, { "use.ts": useJson });
    await typeCheck(project.path);
  });

  it("compile as declarations", async () => {
    await using project = await userProject(protos);
    await bufGenerate(project.path, []);
    await writeFiles(project.path, { "use.ts": use.replaceAll("EXTENSION", "js") });
    await typeCheck(project.path, "tsconfig.bundler.json");
  });

  it("make clients that run", async () => {
    await using project = await userProject(protos);
    await bufGenerate(project.path, ["target=js", "import_extension=js"]);
    const module = await import(join(project.path, "gen/acme/names_restate.js"));
    expect(Object.keys(module).sort()).toEqual([
      "createGreeterClient",
      "createGreeterObjectClient",
      "createGreeterObjectSendClient",
      "createGreeterSendClient",
      "createGreetersClient",
      "createOuter_Inner_ServiceClient",
      "createWorkflowClient",
      "createcreateGreeterClient",
      "createtransportClient",
    ]);
    const transport = { unary: () => {}, stream: () => {} };
    expect(Object.keys(module.createGreeterObjectClient(transport))).toEqual([
      "send$",
      "key$",
      "then$",
      "send",
      "key",
    ]);
    expect(Object.keys(module.createtransportClient(transport))).toEqual(["createClient", "send"]);
    expect(Object.keys(module.createGreetersClient(transport))).toEqual(["key"]);
    const object = module.createGreetersClient(transport).key("a");
    expect(Object.keys(object)).toEqual(["submit", "key$", "send"]);
    const workflow = module.createWorkflowClient(transport).workflow("a");
    const others = ["run", "submit$", "attach$", "output$", "workflow$", "send$"];
    expect(Object.keys(workflow)).toEqual([...others, "send", "submit", "attach", "output"]);
    expect(Object.keys(workflow.send)).toEqual(others);
  });

  it("give way in a fixed order", async () => {
    const { "acme/names_restate.ts": ts = "" } = await generateFrom(torture, "target=ts");
    expect(ts.match(/(?<=^export (interface|function) )[\w$]+/gm)).toMatchInlineSnapshot(`
      [
        "GreeterClient",
        "GreeterSendClient$",
        "createGreeterClient",
        "GreeterHandlers",
        "GreeterSendClient",
        "GreeterSendSendClient",
        "createGreeterSendClient",
        "GreeterSendHandlers",
        "GreeterObjectClient",
        "GreeterObjectSendClient$",
        "GreeterObjectObjectClient",
        "GreeterObjectObjectSendClient",
        "createGreeterObjectClient",
        "GreeterObjectHandlers",
        "GreeterObjectSendClient",
        "GreeterObjectSendSendClient",
        "createGreeterObjectSendClient",
        "GreeterObjectSendHandlers",
        "transportClient",
        "transportSendClient",
        "createtransportClient",
        "transportHandlers",
        "createGreeterClient$",
        "createGreeterSendClient$",
        "createcreateGreeterClient",
        "createGreeterHandlers",
        "Outer_Inner_ServiceClient",
        "Outer_Inner_ServiceSendClient",
        "createOuter_Inner_ServiceClient",
        "Outer_Inner_ServiceHandlers",
        "WorkflowClient",
        "WorkflowWorkflowClient",
        "WorkflowWorkflowSendClient",
        "createWorkflowClient",
        "WorkflowHandlers",
        "GreetersClient",
        "GreetersObjectClient",
        "GreetersObjectSendClient",
        "createGreetersClient",
        "GreetersHandlers",
      ]
    `);
  });
});
