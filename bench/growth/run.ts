import type { RunPart } from "../context.ts";
import { measureConnections } from "./connections.ts";
import { measureIdleConnections } from "./idle-connections.ts";
import { measureMessages } from "./messages.ts";
import { measureServices } from "./services.ts";

/** What a call costs as services, messages and connections grow. */
export const run: RunPart = async (context) => [
  ...(await measureServices(context)),
  ...(await measureMessages(context)),
  ...(await measureConnections(context)),
  ...(await measureIdleConnections(context)),
];
