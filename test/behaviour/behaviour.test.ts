// One table of cases, run on every engine and in every protocol, Restate's own among them.
import type { Transport } from "@connectrpc/connect";
import { createTransport } from "restate-connect/node";
import { afterAll, beforeAll, describe, it, vi } from "vitest";
import { describeWithRestate } from "../support/describe-restate.ts";
import { quietSdk } from "../support/quiet-sdk.ts";
import type { Way } from "./case.ts";
import { cases } from "./cases.ts";
import { type EngineName, type Running, start } from "./engines.ts";
import { startEnvironment } from "./environment.ts";
import { httpCases } from "./http-cases.ts";

// Restate's SDK reads its log level when it is imported.
vi.hoisted(() => {
  process.env.RESTATE_LOGGING = "ERROR";
});

const protocols = [
  { protocol: "connect", format: "json" },
  { protocol: "connect", format: "binary", httpVersion: "2" },
  { protocol: "grpc", format: "binary" },
  { protocol: "grpc-web", format: "binary" },
] as const;

const direct = [
  { protocol: "restate", format: "binary", httpVersion: "2" },
  { protocol: "restate", format: "json" },
] as const;

let runs = 0;

function runCases(engine: EngineName): void {
  let running: Running;
  beforeAll(async () => {
    quietSdk();
    running = await start(engine);
  });
  afterAll(async () => {
    await running?.close();
  });

  const itBehaves = (way: Way, options: TransportOptions) => {
    for (const { name, run, notOn } of cases) {
      const why = notOn?.[way];
      it.skipIf(why !== undefined)(why === undefined ? name : `${name} (not on ${way}: ${why})`, async () => {
        const { url, adminUrl, server, notes } = running;
        const to =
          way === "direct" && server !== undefined
            ? { baseUrl: server.ingressUrl, adminUrl: server.adminUrl }
            : { baseUrl: url };
        await run({
          transport: createTransport({ ...options, ...to }),
          admin: createTransport({ baseUrl: adminUrl }),
          notes,
          unique: `${way}-${runs++}`,
        });
      });
    }
  };
  describe("over plain HTTP", () => {
    it.each(httpCases)("$name", ({ run }) => run(running.url));
  });
  describe.each(protocols)("through the ingress, $protocol, $format", (options) =>
    itBehaves(engine, options),
  );
  if (engine === "restate") {
    describe.each(direct)("straight to the server, $format", (options) => itBehaves("direct", options));
  }
}

type TransportOptions = (typeof protocols)[number] | (typeof direct)[number];

/** A test environment has no admin port: cases that need one say so. */
const noAdmin: Transport = createTransport({ baseUrl: "http://localhost:1" });

describe("in a test environment", () => {
  for (const { name, run, notOn } of cases) {
    const why = notOn?.environment;
    it.skipIf(why !== undefined)(why === undefined ? name : `${name} (${why})`, async () => {
      await using environment = await startEnvironment();
      const { transport, notes } = environment;
      await run({ transport, admin: noAdmin, notes, unique: `environment-${runs++}` });
    });
  }
});

describe("the ingress on the embedded engine", () => runCases("embedded"));
describeWithRestate("the ingress on a Restate server", () => runCases("restate"));
