import { Code, ConnectError } from "@connectrpc/connect";
import type { Engine, ServiceHandlers } from "../engine.ts";
import type { EngineOperations } from "./engine-context.ts";
import { closing } from "./errors.ts";
import { type EngineParts, StartedEngine } from "./started-engine.ts";

/** How long `close` lets handlers finish by default, ms. */
const defaultDrainMs = 10_000;

/** The engine before, while and after it runs. It starts once. */
export class EmbeddedEngine implements Engine {
  readonly name = "embedded";
  readonly awakeables: Engine["awakeables"] = {
    resolve: async (id, value) => this.#started().awakeables.resolve(id, value),
    reject: async (id, reason) => this.#started().awakeables.reject(id, reason),
  };
  readonly #parts: EngineParts;
  #starting: Promise<StartedEngine> | undefined;
  #engine: StartedEngine | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** True if nothing happens until something comes from outside, or time passes. */
  get isIdle(): boolean {
    return this.#engine?.isIdle ?? true;
  }

  async start(services: readonly ServiceHandlers[]): Promise<void> {
    if (this.#starting !== undefined || this.#closing !== undefined) {
      throw new Error("the engine has been started or closed before: make a new one");
    }
    this.#starting = StartedEngine.start(this.#parts, services);
    this.#engine = await this.#starting;
    if (this.#closing !== undefined) {
      throw closing();
    }
  }

  async call(...parameters: Parameters<Engine["call"]>): ReturnType<Engine["call"]> {
    return this.#accepting().call(...parameters);
  }

  async send(...parameters: Parameters<Engine["send"]>): ReturnType<Engine["send"]> {
    return this.#accepting().send(...parameters);
  }

  async attach(...parameters: Parameters<Engine["attach"]>): ReturnType<Engine["attach"]> {
    return this.#started().attach(...parameters);
  }

  async output(...parameters: Parameters<Engine["output"]>): ReturnType<Engine["output"]> {
    return this.#started().output(...parameters);
  }

  async lookup(...parameters: Parameters<Engine["lookup"]>): ReturnType<Engine["lookup"]> {
    return this.#started().lookup(...parameters);
  }

  async get(id: string): ReturnType<Engine["get"]> {
    return this.#started().get(id);
  }

  async inspect(id: string): ReturnType<Engine["inspect"]> {
    return this.#started().inspect(id);
  }

  async list(...parameters: Parameters<Engine["list"]>): ReturnType<Engine["list"]> {
    return this.#started().list(...parameters);
  }

  async count(): ReturnType<Engine["count"]> {
    return this.#started().count();
  }

  async statistics(): ReturnType<Engine["statistics"]> {
    return this.#started().statistics();
  }

  async checkWritable(): Promise<void> {
    return this.#accepting().checkWritable();
  }

  async cancel(...parameters: Parameters<Engine["cancel"]>): Promise<void> {
    return this.#started().cancel(...parameters);
  }

  async purge(id: string): Promise<void> {
    return this.#started().purge(id);
  }

  close({ drainMs = defaultDrainMs }: { readonly drainMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(drainMs);
    return this.#closing;
  }

  /** An engine that does not start has nothing to close; the caller of `start` gets the error. */
  async #close(drainMs: number): Promise<void> {
    const engine = await this.#starting?.catch(() => undefined);
    await engine?.close(drainMs);
    this.#engine = undefined;
  }

  #started(): EngineOperations {
    if (this.#engine === undefined) {
      throw this.#closing !== undefined
        ? closing()
        : new ConnectError("the engine has not been started", Code.Unavailable);
    }
    return this.#engine.operations;
  }

  /** For operations that bring in work. */
  #accepting(): EngineOperations {
    if (this.#closing !== undefined) {
      throw closing();
    }
    return this.#started();
  }
}
