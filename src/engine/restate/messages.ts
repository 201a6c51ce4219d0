import type { Target } from "../../model/target.ts";
import { outcomeBytes } from "../../restate-api/outcome-bytes.ts";
import { contentTypes } from "../../wire/content-types.ts";
import type { Payload } from "../../wire/payload.ts";
import type { ServiceHandlers } from "../engine.ts";

/** Requests and responses as the servers behind Restate write them: Protobuf bytes, or JSON. */
export interface Messages {
  /** What to send for a request. */
  request(target: Target, input: Uint8Array): Payload;
  /** The Protobuf bytes of what a call was answered with. */
  response(target: Target, body: Uint8Array): Uint8Array;
  /** The Protobuf bytes of an outcome. Asks for its target only where they depend on it. */
  outcome(id: string, body: Uint8Array, findTarget: () => Promise<Target | undefined>): Promise<Uint8Array>;
}

/** `{`: what JSON of a message begins with, and Protobuf bytes do not. */
const brace = 0x7b;
/** What JSON begins with, that of the well-known types too. So do few Protobuf bytes: most begin with field 1. */
const startsJson: ReadonlySet<number> = new Set(new TextEncoder().encode('{["-0123456789tfn'));

/** The messages of these services. */
export function messagesOf(services: readonly ServiceHandlers[]): Messages {
  const byName = new Map(services.map((service) => [service.name, service]));
  const inJson = services.some(({ format }) => format === "json");

  function decode(name: string, target: Target | undefined, body: Uint8Array): Uint8Array {
    const service = target === undefined ? undefined : byName.get(target.service);
    // Our handlers respond in the format of the request: the outcome of a JSON request is JSON.
    const isJson = service?.format === "json" || body[0] === brace;
    return isJson && service?.json !== undefined && target !== undefined
      ? service.json.decodeResponse(target.method, body)
      : outcomeBytes(name, body, undefined);
  }

  return {
    request({ service, method }, input) {
      const { format = "binary", json } = byName.get(service) ?? {};
      return format === "json" && json !== undefined
        ? { contentType: contentTypes.json, bytes: json.encodeRequest(method, input) }
        : { contentType: contentTypes.binary, bytes: input };
    },
    response: (target, body) => decode(target.service, target, body),
    async outcome(id, body, findTarget) {
      const first = body[0] ?? 0;
      const mayBeJson = inJson ? startsJson.has(first) : first === brace;
      return decode(id, mayBeJson ? await findTarget() : undefined, body);
    },
  };
}
