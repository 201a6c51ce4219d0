import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./free-port.ts";

/** A real Restate server on free ports of the loopback, with a data folder of its own. */
export interface RestateServer {
  readonly ingressUrl: string;
  readonly adminUrl: string;
  /** The process that runs now. */
  pid(): number | undefined;
  /** Makes the services of an endpoint known. */
  register(endpointUrl: string): Promise<void>;
  /** Ends the server without warning, as a crash does. */
  kill(): Promise<void>;
  /** Stops the server's clock: its connections stay open and nothing answers. */
  freeze(): void;
  /** Lets a frozen server go on. */
  thaw(): void;
  /** Starts it again, on the same ports and data. */
  restart(): Promise<void>;
  /** Ends the server and forgets its data. */
  stop(): Promise<void>;
}

export interface RestateOptions {
  /** Default: 1. */
  readonly partitions?: number;
  /** After how long a handler that waits is suspended, and run again when it can go on. Default: a minute. */
  readonly inactivityMs?: number;
  /** How many handlers of a partition may run at once. Default: the server's. */
  readonly maxRunning?: number;
  /** Makes spans of its own, for a collector that is not there. Default: none. */
  readonly makesSpans?: boolean;
}

/** Starts a server and waits until it takes calls. The caller stops it. */
export async function startRestate(options: RestateOptions = {}): Promise<RestateServer> {
  const { partitions = 1, inactivityMs, maxRunning, makesSpans = false } = options;
  const env = {
    RESTATE_DEFAULT_NUM_PARTITIONS: String(partitions),
    ...(inactivityMs === undefined
      ? {}
      : { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: `${inactivityMs}ms` }),
    ...(maxRunning === undefined
      ? {}
      : { RESTATE_WORKER__INVOKER__CONCURRENT_INVOCATIONS_LIMIT: String(maxRunning) }),
    ...(makesSpans ? { RESTATE_TRACING_ENDPOINT: "http://127.0.0.1:9" } : {}),
  };
  return startNode({ name: "test", fabricPort: await freePort(), env });
}

/** A cluster, each node of which takes calls. */
export interface RestateCluster {
  readonly nodes: readonly RestateServer[];
  stop(): Promise<void>;
}

/** Starts nodes that keep everything twice, so that one of three may die. */
export async function startRestateCluster(options: {
  readonly nodes: number;
  readonly partitions: number;
}): Promise<RestateCluster> {
  const ports: number[] = [];
  while (ports.length < options.nodes) {
    ports.push(await freePort());
  }
  const addresses = JSON.stringify(ports.map((port) => `http://127.0.0.1:${port}`));
  const nodes = await Promise.all(
    ports.map((fabricPort, n) =>
      startNode({
        name: `node-${n}`,
        fabricPort,
        env: {
          RESTATE_CLUSTER_NAME: "test-cluster",
          RESTATE_AUTO_PROVISION: String(n === 0), // one makes the cluster, the others join it
          RESTATE_DEFAULT_REPLICATION: "2",
          RESTATE_DEFAULT_NUM_PARTITIONS: String(options.partitions),
          RESTATE_METADATA_CLIENT__ADDRESSES: addresses,
          RESTATE_ADVERTISED_ADDRESS: `http://127.0.0.1:${fabricPort}`,
        },
      }),
    ),
  );
  return {
    nodes,
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

interface NodeSettings {
  readonly name: string;
  /** The port for the other nodes. */
  readonly fabricPort: number;
  /** Settings of the server, on top of those that every node has. */
  readonly env: NodeJS.ProcessEnv;
}

async function startNode({ name, fabricPort, env }: NodeSettings): Promise<RestateServer> {
  const binary = serverBinary();
  if (binary === undefined) {
    throw new Error(noServer);
  }
  const home = mkdtempSync(join(tmpdir(), "restate-server-"));
  const [ingressPort, adminPort] = [await freePort(), await freePort()];
  const ingressUrl = `http://127.0.0.1:${ingressPort}`;
  const adminUrl = `http://127.0.0.1:${adminPort}`;
  const logFile = join(home, "server.log");
  let server: ChildProcess | undefined;

  const start = async () => {
    const log = openSync(logFile, "a");
    const [program, ...args] = [
      ...offline(home),
      binary,
      ...["--base-dir", join(home, "data"), "--bind-ip", "127.0.0.1", "--listen-mode", "tcp"],
      ...["--node-name", name, "--no-logo", "--log-disable-ansi-codes", "true"],
    ];
    const started = spawn(program ?? binary, args, {
      stdio: ["ignore", log, log],
      env: {
        PATH: process.env.PATH,
        DO_NOT_TRACK: "1",
        RESTATE_INGRESS__BIND_PORT: String(ingressPort),
        RESTATE_ADMIN__BIND_PORT: String(adminPort),
        RESTATE_BIND_PORT: String(fabricPort),
        RESTATE_ROCKSDB_TOTAL_MEMORY_SIZE: "128MB",
        ...env,
      },
    });
    server = started;
    await ready(started, [`${adminUrl}/health`, `${ingressUrl}/restate/health`], logFile);
  };
  const end = async (signal: NodeJS.Signals) => {
    if (server?.exitCode === null && server.signalCode === null) {
      server.kill(signal);
      await once(server, "exit");
    }
  };
  await start();

  return {
    ingressUrl,
    adminUrl,
    pid: () => server?.pid,
    register: (uri) => register(adminUrl, uri),
    kill: () => end("SIGKILL"),
    freeze: () => server?.kill("SIGSTOP"),
    thaw: () => server?.kill("SIGCONT"),
    restart: start,
    async stop() {
      await end("SIGKILL");
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function register(adminUrl: string, uri: string): Promise<void> {
  const response = await fetch(`${adminUrl}/deployments`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ uri, force: true }),
  });
  if (!response.ok) {
    throw new Error(`Restate refused the deployment ${uri}: ${await response.text()}`);
  }
}

async function ready(server: ChildProcess, urls: readonly string[], logFile: string): Promise<void> {
  for (const url of urls) {
    while (!(await answers(url))) {
      if (server.exitCode !== null || server.signalCode !== null) {
        throw new Error(`the Restate server ended at once:\n${readFileSync(logFile, "utf8").slice(-2_000)}`);
      }
      await sleep(20);
    }
  }
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

/** Why there is no server for this platform, or undefined where there is one. */
export function missingRestate(): string | undefined {
  return serverBinary() === undefined ? noServer : undefined;
}

const noServer = `@restatedev/restate-server has no binary for ${process.platform} ${process.arch}`;

function serverBinary(): string | undefined {
  try {
    const { resolve } = createRequire(import.meta.url);
    return resolve(`@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`);
  } catch {
    return undefined;
  }
}

/**
 * What to put in front of a command that starts a server. At each start it asks api.github.com for newer releases,
 * regardless of its settings. Tests stay on this machine: in a mount namespace of its own the server finds that name
 * at 127.0.0.1. Where that is not allowed it asks, and fails harmlessly if there is no network.
 *
 * @param home a folder that exists, for the names.
 */
export function offline(home: string): readonly string[] {
  const unshare = ["unshare", process.getuid?.() === 0 ? "-m" : "-rm"] as const;
  try {
    execFileSync(unshare[0], [unshare[1], "true"], { stdio: "ignore" });
  } catch {
    return [];
  }
  const hosts = join(home, "hosts");
  writeFileSync(hosts, `${readFileSync("/etc/hosts", "utf8")}\n127.0.0.1 api.github.com\n`);
  return [...unshare, "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', hosts];
}
