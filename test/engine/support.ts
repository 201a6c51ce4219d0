import { rmSync } from "node:fs";
import { onTestFinished } from "vitest";
import type { Attempt, Engine, ServiceHandlers } from "../../src/engine/engine.ts";
import { type EmbeddedOptions, embedded } from "../../src/engine/index.ts";
import type { Outcome, Reply } from "../../src/model/outcome.ts";
import type { ServiceKind } from "../../src/model/service-kind.ts";
import type { Target } from "../../src/model/target.ts";
import { silentLogger } from "../support/loggers.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** A handler in text: what the tests have to say is easier to read than bytes. */
export type TextHandler = (input: string, attempt: Attempt) => Promise<string> | string;

/** A directory that lasts as long as the test. */
export function temporaryDirectory(): string {
  const path = temporaryFolder("engine");
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A started engine that is closed with the test; its log goes nowhere unless given. */
export async function startEngine(
  services: readonly ServiceHandlers[],
  options: Partial<EmbeddedOptions> = {},
): Promise<Engine> {
  const engine = embedded({ path: options.path ?? temporaryDirectory(), logger: silentLogger, ...options });
  onTestFinished(() => engine.close({ drainMs: 0 }));
  await engine.start(services);
  return engine;
}

/** A service of text handlers. */
export function textService(
  name: string,
  kind: ServiceKind,
  handlers: Readonly<Record<string, TextHandler>>,
): ServiceHandlers {
  return {
    name,
    kind,
    methods: new Map(
      Object.entries(handlers).map(([method, handler]) => [
        method,
        async (attempt: Attempt): Promise<Reply> => reply(await handler(text(attempt.input), attempt)),
      ]),
    ),
  };
}

export function reply(output: string): Reply {
  return { output: bytes(output), headers: [], trailers: [] };
}

export function unkeyed(service: string, method: string): Target {
  return { service, method, key: undefined };
}

export function keyed(service: string, method: string, key: string): Target {
  return { service, method, key };
}

export function bytes(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

export function text(content: Uint8Array): string {
  return new TextDecoder().decode(content);
}

/** The text of a success, or the failure as `code: message`. */
export function told(outcome: Outcome): string {
  return outcome.ok ? text(outcome.output) : `${outcome.failure.code}: ${outcome.failure.message}`;
}

/** A gate that handlers wait at. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

export { until } from "../support/until.ts";
