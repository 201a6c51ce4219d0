import { checkUrl } from "./parse.ts";
import { oneLine, UsageError } from "./usage-error.ts";

/** How long the server may take to look at the endpoint, ms. */
const timeoutMs = 30_000;

/** Registers an endpoint with a Restate server and prints its services. */
export async function register(
  adminUrl: string,
  { endpoint, force = false }: { readonly endpoint: string; readonly force?: boolean | undefined },
): Promise<void> {
  checkUrl("<admin-url>", adminUrl);
  checkUrl("--endpoint", endpoint);
  const services = await registered(adminUrl, endpoint, force);
  process.stdout.write(`registered ${endpoint} with ${adminUrl}:\n`);
  // The server names them in any order.
  for (const { name, ty } of services.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    process.stdout.write(`  ${name} (${kinds[ty]})\n`);
  }
}

/** What Restate's kinds of service are called here. */
const kinds = { Service: "unkeyed", VirtualObject: "keyed", Workflow: "workflow" } as const;

interface RegisteredService {
  readonly name: string;
  readonly ty: keyof typeof kinds;
}

async function registered(
  adminUrl: string,
  uri: string,
  force: boolean,
): Promise<readonly RegisteredService[]> {
  const answer = await fetch(`${adminUrl.replace(/\/+$/, "")}/deployments`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ uri, force }),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    const reason = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
    throw new UsageError(`cannot reach ${adminUrl}: ${oneLine(reason)}. Is the Restate server running?`, {
      cause,
    });
  });
  const body = (await answer.json().catch(() => ({}))) as {
    message?: string;
    services?: RegisteredService[];
  };
  if (!answer.ok || body.services === undefined) {
    throw new UsageError(
      `the server did not register ${uri}: ${body.message ?? `HTTP ${answer.status}`}. ` +
        "Is the endpoint running, and does the server reach it under this URL?",
    );
  }
  return body.services;
}
