import type { DescFile, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import { type HandlerKind, handlerKind } from "../src/model/handler-kind.ts";
import { keyField } from "../src/model/key-field.ts";
import { memberName } from "../src/model/member-name.ts";
import { type ServiceKind, serviceKind } from "../src/model/service-kind.ts";
import { nameServices, type ServiceNames } from "./names.ts";
import { isPartOfGrpc } from "./packages.ts";

/** The generated module of a proto file. */
export interface FilePlan {
  readonly desc: DescFile;
  readonly services: readonly ServicePlan[];
}

/** The generated code of a service: a client, and an interface for its handlers. */
export interface ServicePlan {
  readonly desc: DescService;
  readonly names: ServiceNames;
  readonly kind: ServiceKind;
  readonly methods: readonly MethodPlan[];
  /** Streaming methods, listed in a comment with `streaming=skip`. */
  readonly skipped: readonly DescMethod[];
}

/** The generated code of a unary method. */
export interface MethodPlan {
  readonly desc: DescMethod;
  /** How its invocations run relative to others with the same key. */
  readonly kind: HandlerKind;
  /** Name on the client. */
  readonly member: string;
  /** Name in the interface of the handlers. */
  readonly handler: string;
  /** The request. Undefined if it is `google.protobuf.Empty`: the client method takes no request. */
  readonly request: DescMessage | undefined;
  /** The response. Undefined if it is `google.protobuf.Empty`: the client method resolves to undefined. */
  readonly response: DescMessage | undefined;
  /** The key field of the request, for a KEYED service. */
  readonly key: KeyPlan | undefined;
}

/** The field that `key()` fills. */
export interface KeyPlan {
  readonly localName: string;
  readonly jsonName: string;
  /** True if the request has no other field: its argument is then optional on the object's client. */
  readonly alone: boolean;
}

/**
 * Plans the module of a proto file. The infix is part of the names of JSON clients.
 *
 * @throws Error for a KEYED service that `findProblems` refuses: call it first.
 */
export function planFile(desc: DescFile, infix: "" | "Json" = ""): FilePlan {
  const services = desc.services.filter((service) => !isPartOfGrpc(service));
  const names = nameServices(services, infix);
  return { desc, services: services.map((service) => planService(service, names)) };
}

function planService(desc: DescService, names: ReadonlyMap<DescService, ServiceNames>): ServicePlan {
  const kind = serviceKind(desc);
  return {
    desc,
    names: names.get(desc) as ServiceNames, // nameServices returns names for each of these services
    kind,
    methods: desc.methods.filter(isUnary).map((method) => planMethod(method, kind === "keyed")),
    skipped: desc.methods.filter((method) => !isUnary(method)),
  };
}

function planMethod(desc: DescMethod, keyed: boolean): MethodPlan {
  return {
    desc,
    kind: handlerKind(desc),
    member: memberName(desc),
    handler: desc.localName,
    request: unlessEmpty(desc.input),
    response: unlessEmpty(desc.output),
    key: keyed ? planKey(desc.input) : undefined,
  };
}

function planKey(request: DescMessage): KeyPlan {
  const { localName, jsonName } = keyField(request);
  return { localName, jsonName, alone: request.fields.length === 1 };
}

function unlessEmpty(message: DescMessage): DescMessage | undefined {
  return message.typeName === "google.protobuf.Empty" ? undefined : message;
}

/** True for unary methods, the only kind that Restate supports. */
export function isUnary(method: DescMethod): boolean {
  return method.methodKind === "unary";
}
