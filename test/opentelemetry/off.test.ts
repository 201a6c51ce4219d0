// What tracing costs those who do not use it: nothing is stored, loaded or run for it.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { embedded } from "restate-connect/engine";
import { type Context, createIngress, type IngressOptions, service } from "restate-connect/ingress";
import { createTransport } from "restate-connect/node";
import { serverTracing } from "restate-connect/opentelemetry";
import { describe, expect, it } from "vitest";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { run } from "../support/command.ts";
import { repository } from "../support/markdown.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** The headers in the rows of a send, and of the send that its handler makes, by the options of their ingress. */
async function storedHeaders(
  options: Partial<IngressOptions>,
  headers?: HeadersInit,
): Promise<readonly unknown[]> {
  const path = temporaryFolder("tracing-off");
  const greet = async ({ name }: { readonly name: string }, ctx: Context) => {
    if (name === "outer") {
      await (await ctx.client(createGreeterClient).send.greet({ name: "inner" })).attach();
    }
    return { greeting: `Hello ${name}` };
  };
  const ingress = createIngress({
    services: [service(Greeter, { greet })],
    engine: embedded({ path }),
    ...options,
  });
  const { url } = await ingress.listen({ port: 0, adminPort: 0 });
  const greeter = createGreeterClient(createTransport({ baseUrl: url }));
  await (await greeter.send.greet({ name: "outer" }, headers === undefined ? {} : { headers })).attach();
  await ingress.close();
  const file = readdirSync(path).find((name) => /\.(db|sqlite)$/.test(name)) ?? "";
  using database = new DatabaseSync(join(path, file));
  return database
    .prepare("select headers from input order by seq")
    .all()
    .map((row) => row.headers);
}

describe("without tracing", () => {
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  it("no row has a header more", async () => {
    const [outer, inner] = await storedHeaders({});
    expect(outer).not.toMatch(/trace/);
    expect(inner).toBeNull();
  });

  it("a row keeps the context that the caller sends, as any other header", async () => {
    const [outer, inner] = await storedHeaders({}, { traceparent });
    expect(JSON.parse(String(outer))).toContainEqual(["traceparent", traceparent]);
    expect(inner).toBeNull();
  });

  it("nor with tracing, where no SDK is registered", async () => {
    expect(await storedHeaders({ tracing: serverTracing() })).toEqual(await storedHeaders({}));
  });

  it("nothing of OpenTelemetry is loaded", async () => {
    const entries = ["", "/web", "/node", "/engine", "/ingress", "/endpoint", "/reflection", "/json"];
    const script = `
      import { registerHooks } from "node:module";
      const loaded = [];
      registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
      for (const entry of ${JSON.stringify(entries)}) { await import("restate-connect" + entry); }
      console.log(loaded.length > 50, loaded.filter((url) => /opentelemetry/.test(url)).length);`;
    const node = "node --conditions=@restate-connect/source --input-type=module --eval";
    expect(await run(`${node} '${script}'`, repository)).toBe("true 0\n");
  });
});
