import { Code, ConnectError } from "@connectrpc/connect";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { type Service, service } from "../../src/ingress/index.ts";
import { exampleServices } from "../ingress/services.ts";

/**
 * The example services, whose `Greeter` puts into its response what the request asks for in `x-odd`, percent-encoded:
 * metadata that HTTP does not carry, or too much of them; with `x-odd-error`, into an error.
 */
export function oddServices(): Service[] {
  const [, ...others] = exampleServices();
  const greeter = service(Greeter, {
    greet({ name }, { requestHeaders, responseHeaders, responseTrailers }) {
      const odd = unescaped(requestHeaders.get("x-odd") ?? "");
      if (requestHeaders.has("x-odd-error")) {
        throw new ConnectError(odd, Code.FailedPrecondition, { "x-odd-back": odd });
      }
      responseHeaders.set("x-odd-back", odd);
      responseTrailers.set("x-odd-end", odd);
      return { greeting: `Hello ${name}` };
    },
  });
  return [greeter, ...others];
}

/** Bytes, as `Headers` has them: without zeros and line ends, which it refuses itself. */
function unescaped(text: string): string {
  return text
    .replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\*(\d+)$/, (_, count) => "m".repeat(Number(count)))
    .replace(/[\0\r\n]/g, "");
}
