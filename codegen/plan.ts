import type { DescFile, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import { type HandlerKind, handlerKind } from "../src/model/handler-kind.ts";
import { keyField } from "../src/model/key-field.ts";
import { memberName } from "../src/model/member-name.ts";
import { type ServiceKind, serviceKind } from "../src/model/service-kind.ts";
import { nameServices, type ServiceNames } from "./names.ts";
import { isPartOfGrpc } from "./packages.ts";

/** What one proto file becomes. */
export interface FilePlan {
  readonly desc: DescFile;
  readonly services: readonly ServicePlan[];
}

/** What one service becomes: a client, and an interface for its handlers. */
export interface ServicePlan {
  readonly desc: DescService;
  readonly names: ServiceNames;
  readonly kind: ServiceKind;
  readonly methods: readonly MethodPlan[];
  /** Streaming methods: named in a comment, for `streaming=skip`. */
  readonly skipped: readonly DescMethod[];
}

/** What one unary method becomes. */
export interface MethodPlan {
  readonly desc: DescMethod;
  /** How its invocations run beside others of their key. */
  readonly kind: HandlerKind;
  /** Its name on the client. */
  readonly member: string;
  /** Its name in the handlers' interface. */
  readonly handler: string;
  /** The request. Undefined where it is `google.protobuf.Empty`: the client takes no such argument. */
  readonly request: DescMessage | undefined;
  /** The response. Undefined where it is `google.protobuf.Empty`: the client resolves to nothing. */
  readonly response: DescMessage | undefined;
  /** The request's key, for a KEYED service. */
  readonly key: KeyPlan | undefined;
}

/** The field that `key()` fills in. */
export interface KeyPlan {
  readonly localName: string;
  readonly jsonName: string;
  /** True when the request has nothing else, so that the object's client need not be given one. */
  readonly alone: boolean;
}

/**
 * Plans the module of a proto file. The infix goes into the names of clients that are typed by JSON.
 *
 * @throws Error for a KEYED service that `findProblems` refuses; ask it first.
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
    names: names.get(desc) as ServiceNames, // nameServices names every service it is given
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

/** True for the methods that Restate has. */
export function isUnary(method: DescMethod): boolean {
  return method.methodKind === "unary";
}
