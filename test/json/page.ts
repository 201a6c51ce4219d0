import { createGreeterJsonClient } from "../../generated/org/example/greeter_restate_json.ts";

/** All of a page that calls one service: what its size is measured by. */
export async function greet(baseUrl: string, name: string): Promise<string | undefined> {
  const { greeting } = await createGreeterJsonClient({ baseUrl }).greet({ name });
  return greeting;
}
