import { rmSync } from "node:fs";
import { createEndpoint } from "restate-connect/endpoint";
import { embedded, restate } from "restate-connect/engine";
import { createIngress, type Ingress } from "restate-connect/ingress";
import { silentLogger } from "../support/loggers.ts";
import { startRestate } from "../support/restate-server.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { makeNotes, type Notes } from "./notes.ts";
import { behaviourServices } from "./services.ts";

export type EngineName = "embedded" | "restate";

/** An ingress on one of the engines, with the services of the cases. */
export interface Running {
  readonly url: string;
  readonly adminUrl: string;
  /** The Restate server itself, where there is one: its ingress and its admin API. */
  readonly server?: { readonly ingressUrl: string; readonly adminUrl: string };
  readonly notes: Notes;
  close(): Promise<void>;
}

/** Starts an ingress with everything behind it, on free ports of the loopback. */
export function start(engine: EngineName): Promise<Running> {
  switch (engine) {
    case "embedded":
      return onEmbedded();
    case "restate":
      return onRestate();
  }
}

async function onEmbedded(): Promise<Running> {
  const path = temporaryFolder("behaviour");
  const notes = makeNotes();
  const services = behaviourServices(notes);
  // Failed attempts are a part of the cases: nothing to tell the person who runs them.
  const ingress = createIngress({
    services,
    engine: embedded({ path, logger: silentLogger }),
    allowCancel: true,
  });
  const close = async () => {
    await ingress.close();
    rmSync(path, { recursive: true, force: true });
  };
  return { ...(await listen(ingress)), notes, close };
}

async function onRestate(): Promise<Running> {
  const notes = makeNotes();
  const services = behaviourServices(notes);
  const server = await startRestate();
  const endpoint = createEndpoint({ services });
  const { url } = await endpoint.listen({ port: 0 });
  await server.register(url);
  const ingress = createIngress({
    services,
    engine: restate({ ingressUrl: server.ingressUrl, adminUrl: server.adminUrl }),
    allowCancel: true,
  });
  const close = async () => {
    await ingress.close();
    await server.stop();
    await endpoint.close({ drainMs: 0 });
  };
  return { ...(await listen(ingress)), server, notes, close };
}

function listen(ingress: Ingress): Promise<{ readonly url: string; readonly adminUrl: string }> {
  return ingress.listen({ port: 0, adminPort: 0 });
}
