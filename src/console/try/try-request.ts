import { type DescMethodUnary, fromJson, type Message, type Registry } from "@bufbuild/protobuf";
import { handlerKind } from "../../model/handler-kind.ts";
import { serviceKind } from "../../model/service-kind.ts";

/** How a request travels. */
export type TryProtocol = "connect-json" | "connect" | "grpc-web";

/** What the form says. All of it is text, as it was typed. */
export interface TryForm {
  readonly json: string;
  readonly mode: "call" | "send";
  readonly protocol: TryProtocol;
  /** The key of an object or the id of a workflow, sent in a header. */
  readonly key: string;
  readonly idempotencyKey: string;
  /** Seconds. */
  readonly delay: string;
  /** Seconds. */
  readonly deadline: string;
  /** `name: value`, one a line. */
  readonly headers: string;
}

/** A form for a method. The run of a workflow is submitted: that is a send. */
export function emptyForm(method: DescMethodUnary, json: string): TryForm {
  return {
    json,
    mode: handlerKind(method) === "run" ? "send" : "call",
    protocol: "connect-json",
    key: "",
    idempotencyKey: "",
    delay: "",
    deadline: "",
    headers: "",
  };
}

/** Whether the key of a method's invocations is sent in a header. */
export function hasKeyBeside({ parent }: DescMethodUnary): boolean {
  const kind = serviceKind(parent);
  return kind === "object" || kind === "workflow";
}

/**
 * The request message of the form's JSON.
 *
 * @throws Error that says what is wrong with the JSON.
 */
export function requestMessage(method: DescMethodUnary, json: string, registry: Registry): Message {
  return fromJson(method.input, JSON.parse(json.trim() === "" ? "{}" : json), { registry });
}

/**
 * The headers of the form.
 *
 * @throws Error that names the first line that is not a header.
 */
export function requestHeaders(text: string): readonly (readonly [name: string, value: string])[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const [, name, value] = /^([!#$%&'*+.^`|~\w-]+)\s*:\s*(.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) {
        throw new Error(`${JSON.stringify(line)} is not a header: write name: value`);
      }
      return [name.toLowerCase(), value] as const;
    });
}

/**
 * Seconds as ms. Undefined: the field is empty.
 *
 * @throws Error when the text is not a number of seconds.
 */
export function milliseconds(label: string, seconds: string): number | undefined {
  if (seconds.trim() === "") {
    return undefined;
  }
  const ms = Number(seconds) * 1_000;
  if (!(ms >= 0 && Number.isFinite(ms))) {
    throw new Error(`${label} is ${JSON.stringify(seconds)}: write a number of seconds`);
  }
  return Math.ceil(ms);
}
