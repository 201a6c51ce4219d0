/**
 * Headers or trailers with a `grpc-message` that Connect-ES can decode. It throws at a percent sign that encodes
 * nothing, where gRPC asks for the message as it is (PROTOCOL-HTTP2.md, "Responses"): the code counts, and some
 * servers write `90% full`.
 */
export function legibleStatus(header: Headers): Headers {
  const message = header.get("grpc-message") ?? "";
  try {
    decodeURIComponent(message);
    return header;
  } catch {
    const legible = new Headers(header);
    legible.set("grpc-message", encodeURIComponent(message));
    return legible;
  }
}
