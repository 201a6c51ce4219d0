import type { DescMessage } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { IngressAnswer } from "../../restate-api/ingress-api.ts";

/**
 * Refuses a success that is not Restate's, where a browser hides the header that would tell: JSON with
 * fields of which the message has not one. A single known field is enough, for a service may know a newer
 * message than we do; an empty message may have got its first one. The content type says nothing: Restate's is fixed for each handler.
 *
 * @throws ConnectError `internal` naming the URL.
 */
export function refuseForeignJson(url: string, schema: DescMessage, answer: IngressAnswer): void {
  const hasOwnJson = schema.typeName.startsWith("google.protobuf.");
  if (!answer.hidesHeaders || hasOwnJson || schema.fields.length === 0) {
    return;
  }
  const names = fieldNames(answer.body);
  const known = new Set(schema.fields.flatMap(({ name, jsonName }) => [name, jsonName]));
  if (names.length > 0 && !names.some((name) => known.has(name))) {
    throw new ConnectError(
      `${url} was answered with JSON that has no field of ${schema.typeName} (${names.join(", ")}): ` +
        "that does not look like a response of the service. Is a Restate server there? Check baseUrl and protocol",
      Code.Internal,
    );
  }
}

function fieldNames(body: Uint8Array): readonly string[] {
  if (body[0] !== 0x7b) {
    return []; // `{` is what JSON of a message begins with, and Protobuf bytes do not.
  }
  try {
    return Object.keys(JSON.parse(new TextDecoder().decode(body)) as object);
  } catch {
    return [];
  }
}
