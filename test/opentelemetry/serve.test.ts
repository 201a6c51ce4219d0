// `serve --tracing`, in a process of its own that is killed and started again.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { invocation } from "restate-connect";
import { createTransport } from "restate-connect/node";
import { clientTracing } from "restate-connect/opentelemetry";
import { describe, expect, it, vi } from "vitest";
import { GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { startCliWith } from "../support/cli.ts";
import { recordSpans } from "../support/recorded-spans.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { until } from "../support/until.ts";

const instrumentation = fileURLToPath(new URL("fixtures/instrumentation.ts", import.meta.url));
const services = "test/opentelemetry/fixtures/services.ts";

interface SpanLine {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parent?: string;
  readonly links: readonly { readonly context: { readonly traceId: string; readonly spanId: string } }[];
}

function readSpans(file: string): readonly SpanLine[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): SpanLine => JSON.parse(line));
}

async function serve(nodeOptions: readonly string[], folder: string, ...args: readonly string[]) {
  const ports = ["--port", "0", "--admin-port", "0"];
  const cli = startCliWith(nodeOptions, "serve", services, ...ports, "--data", join(folder, "data"), ...args);
  const [, url = ""] = await cli.printed(/ingress\s+(http:\S+)/);
  return { cli, url };
}

describe("serve --tracing", () => {
  it("keeps the context of a send over a kill -9", async () => {
    const spans = recordSpans();
    const folder = temporaryFolder("tracing");
    const file = join(folder, "spans.jsonl");
    vi.stubEnv("SPANS", file);
    vi.stubEnv("HANG", "1");
    const first = await serve(["--import", instrumentation], folder, "--tracing");
    const interceptors = [clientTracing()];
    const greeter = createGreeterClient(createTransport({ baseUrl: first.url, interceptors }));
    const { id } = await greeter.send.greet({ name: "Pete" });
    await first.cli.printed(/the handler hangs/);
    first.cli.child.kill("SIGKILL");
    await once(first.cli.child, "exit");

    vi.unstubAllEnvs();
    vi.stubEnv("SPANS", file);
    const second = await serve(["--import", instrumentation], folder, "--tracing");
    await using _ = second.cli;
    const transport = createTransport({ baseUrl: second.url });
    await invocation(transport, id, GreetResponseSchema).attach();
    await until(() => readSpans(file).some(({ name }) => name.startsWith("attempt")));
    const [client] = await spans.named("dev.restate.Ingress/Invoke");
    const server = readSpans(file).find(({ name }) => name === "dev.restate.Ingress/Invoke");
    const attempt = readSpans(file).find(({ name }) => name === "attempt org.example.Greeter/Greet");
    expect(server).toMatchObject({
      traceId: client?.spanContext().traceId,
      parent: client?.spanContext().spanId,
    });
    expect(attempt?.links.map(({ context }) => [context.traceId, context.spanId])).toEqual([
      [server?.traceId, server?.spanId],
    ]);
  });

  it("warns where no SDK is registered", async () => {
    const { cli } = await serve([], temporaryFolder("tracing"), "--tracing");
    await using _ = cli;
    await cli.printed(/Press Ctrl-C to stop/);
    expect(cli.stderr()).toMatch(/WARN +--tracing has no effect: no OpenTelemetry SDK is registered/);
  });
});
