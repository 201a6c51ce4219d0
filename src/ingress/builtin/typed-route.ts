import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import type { HeaderList } from "../../model/outcome.ts";
import type { Codec } from "../codec.ts";
import type { UnaryRequest, UnaryRoute } from "../route.ts";

/** What a method of the ingress itself answers with. */
export interface TypedResponse<O extends DescMessage> {
  readonly message: MessageInitShape<O>;
  readonly headers?: HeaderList;
}

/** A method that the ingress answers for itself. */
export function typedRoute<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  codec: Codec,
  answer: (input: MessageShape<I>, request: UnaryRequest) => Promise<TypedResponse<O>>,
): UnaryRoute {
  return {
    kind: "unary",
    method,
    allowsGet: method.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS,
    async handle(request) {
      const input = codec.decode(method.input, request);
      const { message, headers } = await answer(input, request);
      request.signal.throwIfAborted(); // nobody waits for what would be encoded
      return {
        message: codec.encode(method.output, request.format, create(method.output, message)),
        headers: headers ?? [],
        trailers: [],
      };
    },
  };
}
