import { createGrpcWebTransport } from "restate-connect/web/grpc-web";
import { createGreeterClient } from "../../../generated/org/example/greeter_restate.ts";

const greeter = createGreeterClient(createGrpcWebTransport({ baseUrl: location.origin }));
export const { greeting } = await greeter.greet({ name: "world" });
