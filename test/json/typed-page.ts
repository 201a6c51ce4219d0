import { createTransport } from "restate-connect/web";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";

/** The same page with a typed client. */
export async function greet(baseUrl: string, name: string): Promise<string> {
  const { greeting } = await createGreeterClient(createTransport({ baseUrl })).greet({ name });
  return greeting;
}
