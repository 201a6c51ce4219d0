import { ConnectError, createPromiseClient, type Transport } from "@connectrpc/connect";
import type { Peer } from "../interop/support/check-greeter.ts";
import { Ingress } from "./generated/dev/restate/services_connect.js";
import { Greeter } from "./generated/org/example/greeter_connect.js";
import { GreetRequest, GreetResponse } from "./generated/org/example/greeter_pb.js";

/** A client that Connect-ES v1 generated, over a transport of its own. */
export function connectV1(createTransport: (baseUrl: string) => Transport): Required<Peer> {
  return {
    async greet(url, { name, echo = "", timeoutMs }) {
      let [header, trailer] = [new Headers(), new Headers()];
      try {
        const { greeting } = await createPromiseClient(Greeter, createTransport(url)).greet(
          { name },
          {
            headers: { "x-echo": echo },
            ...(timeoutMs === undefined ? {} : { timeoutMs }),
            onHeader: (got) => {
              header = got;
            },
            onTrailer: (got) => {
              trailer = got;
            },
          },
        );
        return { greeting, echo: header.get("x-echo") ?? "", end: trailer.get("x-end") ?? "" };
      } catch (reason) {
        const error = ConnectError.from(reason);
        return {
          code: error.code as number,
          message: error.rawMessage,
          reason: error.metadata.get("x-reason") ?? "",
          detail: error.findDetails(GreetResponse).at(0)?.greeting,
        };
      }
    },
    async send(url, name) {
      const pb = new GreetRequest({ name }).toBinary();
      const { id } = await createPromiseClient(Ingress, createTransport(url)).invoke({
        service: Greeter.typeName,
        method: Greeter.methods.greet.name,
        argument: { case: "pb", value: pb },
      });
      return id;
    },
  };
}
