import { BinaryReader, base64Decode, WireType } from "@bufbuild/protobuf/wire";
import { Code, type ConnectError } from "@connectrpc/connect";
import { decodeGrpcMessage } from "./grpc-message.ts";
import { type ReceivedDetail, receivedError } from "./received-error.ts";

/**
 * The error in headers or trailers of gRPC: what `grpc-status-details-bin` says, else `grpc-status` and
 * `grpc-message`. Its metadata are all these headers.
 *
 * @returns undefined for the status of a success, and without a status
 */
export function readGrpcStatus(headers: Headers): ConnectError | undefined {
  const status = headers.get("grpc-status");
  const details = headers.get("grpc-status-details-bin");
  const rich = details === null ? undefined : readStatus(details);
  if (rich !== undefined) {
    const known = rich.code in Code ? rich.code : Code.Unknown;
    return rich.code === 0 ? undefined : receivedError(rich.message, known, headers, rich.details);
  }
  if (status === null || status === "0") {
    return undefined;
  }
  const code = Number.parseInt(status, 10);
  return code in Code
    ? receivedError(decodeGrpcMessage(headers.get("grpc-message") ?? ""), code, headers)
    : receivedError(`invalid grpc-status: ${status}`, Code.Internal, headers);
}

/** A `google.rpc.Status`. */
interface RpcStatus {
  readonly code: number;
  readonly message: string;
  readonly details: readonly ReceivedDetail[];
}

/** Reads a status in Protobuf and base64. One that cannot be read costs the details, and not the code. */
function readStatus(encoded: string): RpcStatus | undefined {
  try {
    const fields = readFields(base64Decode(encoded));
    return {
      code: Number(fields.find(({ number }) => number === 1)?.value ?? 0),
      message: text(fields, 2),
      details: fields.flatMap(({ number, value }) =>
        number === 3 && typeof value === "object" ? [readAny(value)] : [],
      ),
    };
  } catch {
    return undefined;
  }
}

/** Reads a `google.protobuf.Any`. */
function readAny(bytes: Uint8Array): ReceivedDetail {
  const fields = readFields(bytes);
  const value = fields.findLast(({ number }) => number === 2)?.value;
  return {
    type: text(fields, 1).replace(/^.*\//s, ""),
    value: typeof value === "object" ? value : new Uint8Array(0),
  };
}

interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/** The fields of a message that has only numbers, texts, bytes and messages. */
function readFields(bytes: Uint8Array): readonly Field[] {
  const reader = new BinaryReader(bytes);
  const fields: Field[] = [];
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (type === WireType.LengthDelimited) {
      fields.push({ number, value: reader.bytes() });
    } else if (type === WireType.Varint) {
      fields.push({ number, value: reader.int32() });
    } else {
      reader.skip(type);
    }
  }
  return fields;
}

function text(fields: readonly Field[], number: number): string {
  const value = fields.findLast((field) => field.number === number)?.value;
  return typeof value === "object" ? new TextDecoder().decode(value) : "";
}
