import type { DescMethodUnary } from "@bufbuild/protobuf";
import type { UnaryResponse } from "@connectrpc/connect";
import type { Answer } from "./call.ts";

/** Makes Connect's response: decoded with the schema of the method, or made by the built-in of that method. */
export function unaryResponse(method: DescMethodUnary, answer: Answer): UnaryResponse {
  return {
    stream: false,
    service: method.parent,
    method,
    message: answer.message,
    get header() {
      return answer.header;
    },
    trailer: new Headers(),
  };
}
