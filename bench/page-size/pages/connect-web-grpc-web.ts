import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { Greeter } from "../../../generated/org/example/greeter_pb.ts";

const greeter = createClient(Greeter, createGrpcWebTransport({ baseUrl: location.origin }));
export const { greeting } = await greeter.greet({ name: "world" });
