import { createRestateTransport } from "restate-connect/web";
import { createGreeterClient } from "../../../generated/org/example/greeter_restate.ts";

const greeter = createGreeterClient(createRestateTransport({ baseUrl: location.origin }));
export const { greeting } = await greeter.greet({ name: "world" });
