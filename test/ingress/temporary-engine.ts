import { rmSync } from "node:fs";
import { type EmbeddedOptions, type Engine, embedded } from "../../src/engine/index.ts";
import { silentLogger } from "../support/loggers.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** An embedded engine on a directory of its own, which is removed when the engine closes. */
export function temporaryEngine(options: Omit<EmbeddedOptions, "path"> = {}): Engine {
  const path = temporaryFolder("ingress");
  const engine = embedded({ logger: silentLogger, ...options, path });
  const close = engine.close.bind(engine);
  return Object.assign(engine, {
    async close(options: Parameters<Engine["close"]>[0]) {
      await close(options);
      rmSync(path, { recursive: true, force: true });
    },
  });
}
