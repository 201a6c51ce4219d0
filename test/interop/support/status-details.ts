import { findTrailerError } from "@connectrpc/connect/protocol-grpc";
import { GreetResponseSchema } from "../../../generated/org/example/greeter_pb.ts";

/** The first detail of `grpc-status-details-bin`, for peers that leave it to the caller to read that. */
export function statusDetail(statusDetails: Uint8Array | string | undefined): string | undefined {
  if (statusDetails === undefined) {
    return undefined;
  }
  const base64 =
    typeof statusDetails === "string" ? statusDetails : Buffer.from(statusDetails).toString("base64");
  const error = findTrailerError(new Headers({ "grpc-status": "5", "grpc-status-details-bin": base64 }));
  return error?.findDetails(GreetResponseSchema).at(0)?.greeting;
}
