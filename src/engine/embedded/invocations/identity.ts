import type { Target } from "../../../model/target.ts";
import type { EngineSendOptions } from "../../engine.ts";
import { type EngineContext, handlerKindOf } from "../engine-context.ts";
import { derivedId, type IdBytes, randomId } from "../ids/invocation-id.ts";

/** What makes two calls or sends one invocation. */
export type Identity =
  /** Nothing does. */
  | { readonly kind: "new" }
  /** An idempotency key of the caller, within its scope. It stands for one input. */
  | { readonly kind: "key"; readonly key: string; readonly scope: string | undefined }
  /** The id of a workflow, which runs once. The input of the first call or send holds. */
  | { readonly kind: "workflow" }
  /** The index among the calls of a handler, in each of its attempts. The input of the first attempt holds. */
  | {
      readonly kind: "call-index";
      readonly parent: string;
      /** The parent's in the store: its id may be that of an idempotency key, which can be used again. */
      readonly parentSeq: number;
      readonly index: number;
    };

/** What identifies repeats of a call or send: its workflow id or its idempotency key. Undefined if nothing does. */
export function ownIdentity(
  context: EngineContext,
  target: Target,
  { idempotency }: EngineSendOptions,
): Identity | undefined {
  if (handlerKindOf(context, target) === "run") {
    return { kind: "workflow" };
  }
  return idempotency && { kind: "key", key: idempotency.key, scope: idempotency.scope };
}

/** The id that an identity stands for: a new one, or always the same. */
export function idOf({ idSource }: EngineContext, target: Target, identity: Identity): IdBytes {
  switch (identity.kind) {
    case "new":
      return randomId(target.key, idSource.hash);
    case "key": {
      const { key, scope } = identity;
      return derivedId(idSource, target, scope === undefined ? ["key", key] : ["scoped", scope, key]);
    }
    case "workflow":
      return derivedId(idSource, target, ["workflow"]);
    case "call-index": {
      const { parent, parentSeq, index } = identity;
      return derivedId(idSource, target, ["call-index", parent, String(parentSeq), String(index)]);
    }
  }
}
