// kill -9 under load, of everything there is to kill: nothing acknowledged is lost, nothing runs twice.
import { Code, ConnectError } from "restate-connect";
import { createTransport } from "restate-connect/node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { runCli, startCli } from "../support/cli.ts";
import { describeWithRestate } from "../support/describe-restate.ts";
import { freePort } from "../support/free-port.ts";
import { type RestateServer, startRestate } from "../support/restate-server.ts";

const module = "test/restate/fixtures/durable-counter.ts";

describeWithRestate("a Restate server, its endpoint and two ingresses, killed under load", () => {
  let server: RestateServer;
  let endpoint: Process;
  let ingresses: readonly Process[];

  beforeAll(async () => {
    server = await startRestate();
    const endpointPort = String(await freePort());
    endpoint = await startProcess("serve", module, "--as-endpoint", "--port", endpointPort);
    const registered = await runCli(
      "register",
      server.adminUrl,
      "--endpoint",
      `http://127.0.0.1:${endpointPort}`,
    );
    expect(registered.stdout).toContain("org.example.Counter (keyed)");
    const ingress = async () =>
      startProcess(
        ...["serve", module, "--engine", "restate", "--port", String(await freePort()), "--admin-port", "0"],
        ...["--restate-ingress", server.ingressUrl, "--restate-admin", server.adminUrl],
      );
    ingresses = [await ingress(), await ingress()];
  });
  afterAll(async () => {
    for (const one of [endpoint, ...(ingresses ?? [])]) {
      await one?.kill();
    }
    await server?.stop();
  });

  it("loses no acknowledged send, and runs each call with an idempotency key once", async () => {
    const clients = [
      ...ingresses.map(({ url }) => createTransport({ baseUrl: url, defaultTimeoutMs: 10_000 })),
      createTransport({ baseUrl: server.ingressUrl, protocol: "restate", defaultTimeoutMs: 10_000 }),
    ].map((transport) => createCounterClient(transport));
    const total = 240;
    let begun = 0;
    let done = 0;
    let failures = 0;
    const ids: string[] = [];

    const work = async () => {
      while (begun < total) {
        const n = begun++;
        const idempotencyKey = `work ${n}`;
        // Each attempt goes another way; the key makes them one.
        await untilDone(async (attempt) => {
          const object = clients[(n + attempt) % clients.length]?.key(n % 2 === 0 ? "sent" : "called");
          if (object === undefined) {
            throw new Error("there are clients");
          }
          if (n % 2 === 0) {
            const sent = await object.send.add({ value: 1n }, { idempotencyKey });
            ids.push(sent.id);
          } else {
            await object.add({ value: 1n }, { idempotencyKey });
          }
        });
        done++;
      }
    };
    /** Repeats until the response is there. Errors that a kill may cause are repeated, any other error is a bug. */
    const untilDone = async (run: (attempt: number) => Promise<void>) => {
      for (let attempt = 0; ; attempt++) {
        try {
          return await run(attempt);
        } catch (reason) {
          const { code } = ConnectError.from(reason);
          expect([Code.Unavailable, Code.DeadlineExceeded]).toContain(code);
          failures++;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    };
    const reached = async (count: number) => {
      while (done < count) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const kill = async () => {
      for (const round of [0, 1]) {
        await reached(30 + round * 100);
        await server.kill();
        await server.restart();
        await reached(60 + round * 100);
        await ingresses[round]?.kill();
        await ingresses[round]?.restart();
        await reached(90 + round * 100);
        await endpoint.kill();
        await endpoint.restart();
      }
    };
    await Promise.all([kill(), ...Array.from({ length: 8 }, work)]);

    expect(done).toBe(total);
    expect(failures).toBeGreaterThan(0); // or nothing was killed under load
    const [client] = clients;
    const counted = (key: string) =>
      client
        ?.key(key)
        .get()
        .then(({ value }) => value);
    // A read waits its turn behind the sends.
    expect(await counted("called")).toBe(BigInt(total / 2));
    expect(await counted("sent")).toBe(BigInt(total / 2));
    expect(new Set(ids).size).toBe(total / 2);
  });
});

/** A process of the command line, on a fixed port, that can die and come back. */
interface Process {
  readonly url: string;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

async function startProcess(...args: readonly string[]): Promise<Process> {
  const start = async () => {
    const cli = startCli(...args);
    const [, url = ""] = await cli.printed(/(?:ingress|endpoint)\s+(http:\S+)/);
    return { cli, url };
  };
  let running = await start();
  return {
    url: running.url,
    kill: async () => {
      await running.cli[Symbol.asyncDispose]();
    },
    restart: async () => {
      running = await start();
    },
  };
}
