import { parseArgs } from "node:util";
import type { Command } from "./command.ts";
import { oneLine, UsageError } from "./usage-error.ts";

const help = `Usage: restate-connect register <admin-url> [options]

Makes the services of an endpoint known to a Restate server: serve them with
restate-connect serve <module> --as-endpoint. <admin-url> is the server's admin API, for example
http://localhost:9070.

Options:
  --endpoint <url>   where the server finds the endpoint (default http://localhost:9080). For a server in
                     a container that is not this machine's localhost: http://host.docker.internal:9080
  --force            replace what was registered under this URL, as after a change of the services
  --help             this text
`;

export const command: Command = { help, run: register };

/** How long the server may take to look at the endpoint, ms. */
const timeoutMs = 30_000;

async function register(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      endpoint: { type: "string", default: "http://localhost:9080" },
      force: { type: "boolean", default: false },
    },
  });
  const [adminUrl, ...others] = positionals;
  if (adminUrl === undefined || others.length > 0) {
    throw new UsageError("register takes one URL: restate-connect register http://localhost:9070");
  }
  const services = await registered(adminUrl, values.endpoint, values.force);
  process.stdout.write(`registered ${values.endpoint} with ${adminUrl}:\n`);
  // The server names them in any order.
  for (const { name, ty } of services.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    process.stdout.write(`  ${name} (${kinds[ty]})\n`);
  }
  return 0;
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
