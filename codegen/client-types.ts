import type { DescMessage } from "@bufbuild/protobuf";
import type { GeneratedFile, Printable } from "@bufbuild/protoplugin";
import type { KeyPlan } from "./plan.ts";
import type { References } from "./references.ts";

/** The types of a client's members: messages, or their JSON. */
export interface ClientTypes {
  readonly callOptions: Printable;
  readonly sendOptions: Printable;
  readonly submitOptions: Printable;
  /** Whether the client can wait for outcomes by id, which arrive as Protobuf bytes. */
  readonly attaches: boolean;
  request(message: DescMessage): Printable;
  requestWithoutKey(message: DescMessage, key: KeyPlan): Printable;
  response(message: DescMessage): Printable;
  /** Type of the handle of an invocation with this response type. */
  invocation(response: Printable): Printable;
  /** Whether a method with this request can be sent one-way. */
  canSend(request: DescMessage): boolean;
}

/** Types of a client that takes and returns messages. */
export function messageTypes(file: GeneratedFile, refs: References): ClientTypes {
  const schema = (message: DescMessage): Printable => ["typeof ", refs.schema(message)];
  return {
    callOptions: refs.type("CallOptions"),
    sendOptions: refs.type("SendOptions"),
    submitOptions: refs.type("SubmitOptions"),
    attaches: true,
    request: (message) => [refs.type("MessageInitShape"), "<", schema(message), ">"],
    requestWithoutKey: (message, { localName }) => [
      refs.type("Keyless"),
      "<",
      schema(message),
      ", ",
      file.string(localName),
      ">",
    ],
    response: (message) => refs.shape(message),
    invocation: (response) => [refs.type("Invocation"), "<", response, ">"],
    canSend: () => true,
  };
}

/** Types of a client that takes and returns JSON. */
export function jsonTypes(file: GeneratedFile, refs: References): ClientTypes {
  return {
    callOptions: refs.type("JsonCallOptions"),
    sendOptions: refs.type("JsonSendOptions"),
    submitOptions: refs.type("JsonSubmitOptions"),
    attaches: false,
    request: (message) => refs.json(message),
    requestWithoutKey: (message, { jsonName }) => [
      "Omit<",
      refs.json(message),
      ", ",
      file.string(jsonName),
      ">",
    ],
    response: (message) => refs.json(message),
    invocation: (response) => [refs.type("JsonInvocation"), "<", response, ">"],
    canSend: ({ typeName }) => !otherThanObjects.has(typeName),
  };
}

/** Messages whose JSON is not an object: Invoke takes JSON as a `google.protobuf.Struct`, so they cannot be sent. */
const otherThanObjects: ReadonlySet<string> = new Set(
  [
    ..."Duration FieldMask ListValue Timestamp Value".split(" "),
    ..."BoolValue BytesValue DoubleValue FloatValue Int32Value Int64Value".split(" "),
    ..."StringValue UInt32Value UInt64Value".split(" "),
  ].map((name) => `google.protobuf.${name}`),
);
