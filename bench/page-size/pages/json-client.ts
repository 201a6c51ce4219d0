import { createGreeterJsonClient } from "../../../generated/org/example/greeter_restate_json.ts";

const greeter = createGreeterJsonClient({ baseUrl: location.origin });
export const { greeting } = await greeter.greet({ name: "world" });
