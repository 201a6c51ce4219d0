import { embedded } from "restate-connect/engine";
import { createIngress } from "restate-connect/ingress";
import never from "./never.ts";

/* An ingress that takes sends and runs but the first: send-server.ts DATA. Prints its URL. */
const [path = ""] = process.argv.slice(2);
const ingress = createIngress({ services: never, engine: embedded({ path, maxRunning: 1 }) });
const { url } = await ingress.listen({ port: 0, adminPort: 0 });
process.stdout.write(`${url}\n`);
