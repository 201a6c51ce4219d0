import { create, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Failure, HeaderList } from "./outcome.ts";

/** Makes plain data of an error, so that it can be stored and sent on with its details and metadata. */
export function failureFrom(error: ConnectError): Failure {
  return {
    code: knownCode(error.code),
    message: String(error.rawMessage),
    details: error.details.map((detail) =>
      "desc" in detail
        ? { type: detail.desc.typeName, value: toBinary(detail.desc, create(detail.desc, detail.value)) }
        : { type: detail.type, value: detail.value },
    ),
    metadata: headerList(error.metadata),
  };
}

/** JavaScript may put anything there: `"not_found"`, or 0, which would be a success. */
function knownCode(code: unknown): Code {
  return typeof code === "number" && code in Code ? code : Code.Unknown;
}

/** The error that {@link failureFrom} was given. */
export function failureToError(failure: Failure): ConnectError {
  const error = new ConnectError(failure.message, failure.code, new Headers(failure.metadata.map(pair)));
  error.details = failure.details.map(({ type, value }) => ({ type, value }));
  return error;
}

/** Makes plain data of headers. */
export function headerList(headers: Headers): HeaderList {
  return [...headers];
}

/** The headers that {@link headerList} was given. */
export function headersFrom(list: HeaderList): Headers {
  return new Headers(list.map(pair));
}

/** `Headers` wants its pairs mutable. */
function pair([name, value]: HeaderList[number]): [string, string] {
  return [name, value];
}
