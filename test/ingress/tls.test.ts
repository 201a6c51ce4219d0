import { connect as tcpConnect } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { Code, createClient } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { Admin } from "../../generated/restateconnect/v1/admin_pb.ts";
import { createTransport, type NodeTransportOptions } from "../../src/transport/node.ts";
import { certificate, issuer } from "../support/certificates.ts";
import { startIngress } from "./support.ts";

const tls = certificate("server");

const ways: readonly Pick<NodeTransportOptions, "protocol" | "httpVersion">[] = [
  { protocol: "connect", httpVersion: "1.1" },
  { protocol: "connect", httpVersion: "2" },
  { protocol: "grpc", httpVersion: "2" },
  { protocol: "grpc-web", httpVersion: "1.1" },
];

function greeter(baseUrl: string, way: (typeof ways)[number], nodeOptions: object) {
  return createClient(Greeter, createTransport({ ...way, baseUrl, nodeOptions } as NodeTransportOptions));
}

describe.each(ways)("over TLS, %j", (way) => {
  it("calls", async () => {
    await using ingress = await startIngress({ tls });
    expect(ingress.url).toMatch(/^https:/);
    expect(await greeter(ingress.url, way, { ca: issuer }).greet({ name: "Pete" })).toMatchObject({
      greeting: "Hello Pete",
    });
  });

  it("asks for a certificate of the issuers it is told, and takes no other", async () => {
    await using ingress = await startIngress({ tls: { ...tls, clientCa: issuer } });
    const known = greeter(ingress.url, way, { ca: issuer, ...certificate("client") });
    expect(await known.greet({ name: "Pete" })).toMatchObject({ greeting: "Hello Pete" });
    for (const without of [{}, certificate("stranger")]) {
      const stranger = greeter(ingress.url, way, { ca: issuer, ...without });
      await expect(stranger.greet({ name: "Pete" })).rejects.toMatchObject({ code: Code.Unavailable });
    }
  });
});

describe("TLS", () => {
  it("is for the admin port too", async () => {
    await using ingress = await startIngress({ tls });
    const transport = createTransport({ baseUrl: ingress.adminUrl, nodeOptions: { ca: issuer } });
    expect(await createClient(Admin, transport).listInvocations({})).toMatchObject({
      invocations: [],
    });
  });

  it.each([
    [["h2", "http/1.1"], "h2"],
    [["http/1.1"], "http/1.1"],
    [[], false],
  ])("picks of %j the protocol %s", async (ALPNProtocols, picked) => {
    await using ingress = await startIngress({ tls });
    const { hostname, port } = new URL(ingress.url);
    const socket = tlsConnect({ host: hostname, port: Number(port), ca: issuer, ALPNProtocols });
    await new Promise((resolve) => socket.once("secureConnect", resolve));
    expect(socket.alpnProtocol).toBe(picked);
    expect(["TLSv1.2", "TLSv1.3"]).toContain(socket.getProtocol());
    socket.destroy();
  });

  it("closes connections that speak no TLS, or nothing, and goes on", async () => {
    await using ingress = await startIngress({ tls, limits: { headersTimeoutMs: 200 } });
    const { hostname, port } = new URL(ingress.url);
    for (const first of ["GET / HTTP/1.1\r\n\r\n", ""]) {
      const socket = tcpConnect({ host: hostname, port: Number(port) });
      socket.on("error", () => {}).write(first);
      await new Promise((resolve) => socket.once("close", resolve));
    }
    expect(await greeter(ingress.url, {}, { ca: issuer }).greet({ name: "Pete" })).toMatchObject({
      greeting: "Hello Pete",
    });
  });

  it.each([
    ["no certificate", { ...tls, cert: "none" }],
    ["the key of another", { ...tls, key: certificate("client").key }],
  ])("says what is wrong with %s", async (_, wrong) => {
    await expect(startIngress({ tls: wrong })).rejects.toThrow(/^tls of createIngress\(\) cannot be used/);
  });
});
