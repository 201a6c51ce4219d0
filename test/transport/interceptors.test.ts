// What interceptors, and tools that put a fetch of their own in place, may change of a request.
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { createTransport as createNodeTransport } from "restate-connect/node";
import { createTransport as createWebTransport } from "restate-connect/web";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { httpServer } from "../support/http-server.ts";

function withUrl(change: (url: string) => string): Interceptor {
  return (next) => async (request) => await next({ ...request, url: change(request.url) });
}

describe.each([
  ["node", createNodeTransport],
  ["web", createWebTransport],
])("%s", (_name, create) => {
  it("sends a request to the URL that an interceptor gave it", async () => {
    const urls: (string | undefined)[] = [];
    await using server = await httpServer((request, response) => {
      urls.push(request.url);
      response.writeHead(200, { "content-type": "application/proto" }).end();
    });
    const interceptors = [withUrl((url) => `${url}?tenant=1`)];
    await createGreeterClient(create({ baseUrl: server.url, interceptors })).greet({});
    expect(urls).toEqual(["/org.example.Greeter/Greet?tenant=1"]);
  });

  it("keeps headers and trailers of a response that an interceptor copies by a spread", async () => {
    await using server = await httpServer((_request, response) => {
      response.writeHead(200, { "content-type": "application/proto", "x-a": "1", "trailer-x-b": "2" }).end();
    });
    const copying: Interceptor = (next) => async (request) => ({ ...(await next(request)) });
    const greeter = createGreeterClient(create({ baseUrl: server.url, interceptors: [copying] }));
    const seen: (string | null)[] = [];
    await greeter.greet(
      {},
      {
        onHeader: (header) => seen.push(header.get("x-a")),
        onTrailer: (trailer) => seen.push(trailer.get("x-b")),
      },
    );
    expect(seen).toEqual(["1", "2"]);
  });

  it("refuses to send a request to another server", async () => {
    const interceptors = [withUrl(() => "http://elsewhere.invalid/Greet")];
    const greeter = createGreeterClient(create({ baseUrl: "http://127.0.0.1:1", interceptors }));
    const error = await greeter.greet({}).catch(ConnectError.from);
    expect(error).toMatchObject({ code: Code.InvalidArgument });
    expect(error).toHaveProperty(
      "rawMessage",
      expect.stringContaining("an interceptor made http://elsewhere.invalid/Greet"),
    );
  });
});

it("calls the global fetch that there is when it sends", async () => {
  const greeter = createGreeterClient(createWebTransport({ baseUrl: "http://127.0.0.1:1" }));
  const fetch = vi.spyOn(globalThis, "fetch");
  onTestFinished(() => fetch.mockRestore());
  fetch.mockResolvedValue(new Response(null, { headers: { "content-type": "application/proto" } }));
  expect(await greeter.greet({})).toMatchObject({ greeting: "" });
});
