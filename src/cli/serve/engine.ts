import { type Engine, embedded, restate } from "../../engine/index.ts";
import type { Logger } from "../../model/logger.ts";
import { checkUrl } from "../parse.ts";
import { UsageError } from "../usage-error.ts";

/** The options of `serve` that choose what runs the invocations. */
export interface EngineFlags {
  readonly engine: "embedded" | "restate";
  readonly data: string;
  /** ms. */
  readonly retention?: number | undefined;
  readonly maxAttempts?: number | undefined;
  /** ms. */
  readonly maxRetryInterval?: number | undefined;
  readonly maxRunning?: number | undefined;
  /** Bytes. */
  readonly maxStoreSize?: number | undefined;
  readonly restateIngress?: string | undefined;
  readonly restateAdmin?: string | undefined;
}

/** An engine, and where it keeps invocations, for people. */
export interface ChosenEngine {
  readonly engine: Engine;
  readonly place: string;
}

/** @throws UsageError when the flags do not say enough. */
export function chooseEngine(flags: EngineFlags, logger: Logger): ChosenEngine {
  switch (flags.engine) {
    case "embedded":
      return {
        engine: embedded({
          path: flags.data,
          retentionMs: flags.retention,
          retry: { maxAttempts: flags.maxAttempts, maxIntervalMs: flags.maxRetryInterval },
          maxRunning: flags.maxRunning,
          maxStoreBytes: flags.maxStoreSize,
          logger,
          // A supervisor starts the process again, and the store recovers.
          onFatal: () => process.exit(1),
        }),
        place: flags.data,
      };
    case "restate": {
      const ingressUrl = requiredUrl("--restate-ingress", flags.restateIngress);
      const adminUrl = requiredUrl("--restate-admin", flags.restateAdmin);
      return { engine: restate({ ingressUrl, adminUrl }), place: `Restate server ${ingressUrl}` };
    }
  }
}

function requiredUrl(option: string, url: string | undefined): string {
  if (url === undefined) {
    throw new UsageError(
      "--engine restate needs --restate-ingress and --restate-admin: " +
        "the URLs of the server's ingress and of its admin API",
    );
  }
  checkUrl(option, url);
  return url;
}
