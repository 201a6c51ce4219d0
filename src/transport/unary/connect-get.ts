import { base64Encode } from "@bufbuild/protobuf/wire";
import type { Format } from "../../wire/message-format.ts";
import type { RequestBody } from "./protocol.ts";

/** The query of a Connect GET, with its parameters in the order that the protocol asks for. */
export function connectGetQuery(format: Format, { bytes, encoding }: RequestBody): string {
  const isBase64 = format === "binary" || encoding !== undefined;
  return [
    "?connect=v1",
    isBase64 ? "&base64=1" : "",
    encoding === undefined ? "" : `&compression=${encoding}`,
    `&encoding=${format === "binary" ? "proto" : "json"}`,
    `&message=${isBase64 ? base64Encode(bytes, "url") : encodeURIComponent(new TextDecoder().decode(bytes))}`,
  ].join("");
}
