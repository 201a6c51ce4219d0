import type { DescMethod, Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { keyField } from "./key-field.ts";
import { restateHeaders } from "./restate-headers.ts";
import { serviceKind } from "./service-kind.ts";

/** What to invoke. */
export interface Target {
  /** Fully qualified name of the service. */
  readonly service: string;
  /** Protobuf name of the method. */
  readonly method: string;
  /** The object key or the workflow's id: undefined for an UNKEYED service, "" for a SINGLETON. */
  readonly key: string | undefined;
}

/** A workflow: it runs once, so that it stands for that invocation. */
export interface WorkflowRun {
  /** Fully qualified name of the service. */
  readonly service: string;
  /** The id that the workflow was submitted with: the key of its targets. */
  readonly id: string;
}

/** The invocation that was made of this target with an idempotency key. */
export interface IdempotentTarget extends Target {
  /** Scoped to the target, and to `scope`. */
  readonly idempotencyKey: string;
  /** Whose key it is: `scope` of `Idempotency`. */
  readonly scope?: string | undefined;
}

/**
 * What a request invokes: its method, and the object key where the service has keys. A KEYED service's is
 * a field of the request; `besideKey` is the key of a VIRTUAL_OBJECT or WORKFLOW, which is not in the request.
 *
 * @throws ConnectError `invalid_argument` when the key is empty. Restate 0.x took that for the key "",
 *   so that a forgotten key met everybody else's.
 */
export function targetOf(method: DescMethod, request: Message, besideKey?: string): Target {
  const key = requireObjectKey(method, request, besideKey);
  return { service: method.parent.typeName, method: method.name, key };
}

/**
 * The same for a method and a key without a request. A SINGLETON has its key of its own.
 *
 * @throws ConnectError `invalid_argument` when a key is missing, or given to a service that has none.
 */
export function targetWithKey({ parent, name }: DescMethod, key: string | undefined): Target {
  const target = { service: parent.typeName, method: name };
  switch (serviceKind(parent)) {
    case "unkeyed":
      if (key === undefined) {
        return { ...target, key };
      }
      throw new ConnectError(`${parent.typeName} has no keys: leave key out`, Code.InvalidArgument);
    case "singleton":
      return { ...target, key: "" };
    default:
      return { ...target, key: requireKey(key, `the key of ${parent.typeName}`) };
  }
}

/**
 * The object key of a request: undefined for an UNKEYED service, "" for a SINGLETON.
 *
 * @throws ConnectError `invalid_argument` when the service has keys and this one is missing or empty.
 */
export function requireObjectKey(
  method: DescMethod,
  request: Message,
  besideKey?: string,
): string | undefined {
  const { parent, input } = method;
  switch (serviceKind(parent)) {
    case "unkeyed":
      return undefined;
    case "singleton":
      return "";
    case "keyed": {
      const { localName, name } = keyField(input);
      const key = (request as Message & Record<string, unknown>)[localName];
      return requireKey(key, `field ${name} of ${input.typeName}`);
    }
    case "object":
    case "workflow":
      return requireKey(besideKey, `header ${restateHeaders.objectKey} of a request to ${parent.typeName}`);
  }
}

/** The key, or a `ConnectError` that names where it is missing. */
export function requireKey(key: unknown, where: string): string {
  if (typeof key === "string" && key !== "") {
    return key;
  }
  throw new ConnectError(`${where} is the object key and must be a non-empty string`, Code.InvalidArgument);
}
