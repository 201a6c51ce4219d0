import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { Greeter } from "../../../generated/org/example/greeter_pb.ts";

const greeter = createClient(
  Greeter,
  createConnectTransport({ baseUrl: location.origin, useBinaryFormat: true }),
);
export const { greeting } = await greeter.greet({ name: "world" });
