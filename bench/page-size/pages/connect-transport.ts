import { createConnectTransport } from "restate-connect/web/connect";
import { createGreeterClient } from "../../../generated/org/example/greeter_restate.ts";

const greeter = createGreeterClient(createConnectTransport({ baseUrl: location.origin }));
export const { greeting } = await greeter.greet({ name: "world" });
