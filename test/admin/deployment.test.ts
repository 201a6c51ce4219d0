import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { http1, startIngress, type TestIngress } from "../ingress/support.ts";
import { runCli } from "../support/cli.ts";
import { codeBlocks, repository } from "../support/markdown.ts";

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly timeoutSeconds?: number;
}

interface StatefulSet {
  readonly kind: "StatefulSet";
  readonly spec: {
    readonly replicas: number;
    readonly selector: { readonly matchLabels: object };
    readonly template: {
      readonly metadata: { readonly labels: object };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly containers: readonly [
          {
            readonly args: readonly string[];
            readonly command: readonly string[];
            readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
            readonly livenessProbe: Probe;
            readonly readinessProbe: Probe;
            readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
          },
        ];
      };
    };
  };
}

interface NetworkPolicy {
  readonly kind: "NetworkPolicy";
  readonly spec: {
    readonly podSelector: { readonly matchLabels: object };
    readonly ingress: readonly {
      readonly ports: readonly { readonly port: string }[];
      readonly from?: unknown;
    }[];
  };
}

/** The documents of a YAML file that the page shows. */
function shown(fileName: string): unknown[] {
  const block = codeBlocks(join(repository, "docs/observability.md")).find(
    (one) => one.fileName === fileName,
  );
  return parseAllDocuments(block?.text ?? "").map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as unknown;
  });
}

let ingress: TestIngress;
beforeAll(async () => {
  ingress = await startIngress();
});
afterAll(() => ingress.close());

const statusOf = async (path: string) => (await http1(ingress.adminUrl + path, { method: "GET" })).status;

describe("restate-connect.yaml", () => {
  const [set, policy] = shown("restate-connect.yaml") as [StatefulSet, NetworkPolicy];
  const pod = set.spec.template;
  const [container] = pod.spec.containers;

  it("has probes that the admin port answers, and waits longer than the engine may take", async () => {
    const { livenessProbe, readinessProbe, ports } = container;
    expect([livenessProbe.httpGet.path, readinessProbe.httpGet.path]).toEqual(["/health", "/ready"]);
    for (const { httpGet } of [livenessProbe, readinessProbe]) {
      expect(await statusOf(httpGet.path)).toBe(200);
      expect(ports.find(({ name }) => name === httpGet.port)?.containerPort).toBe(9070);
    }
    expect(readinessProbe.timeoutSeconds).toBeGreaterThan(5);
    expect(pod.spec.terminationGracePeriodSeconds).toBeGreaterThan(30);
  });

  it("has one process, options of serve, and data on the volume", async () => {
    expect([set.kind, set.spec.replicas]).toEqual(["StatefulSet", 1]);
    expect(container.command.join(" ")).toBe("npx restate-connect serve services.js");
    const { stdout } = await runCli("serve", "--help");
    for (const option of container.args.filter((arg) => arg.startsWith("--"))) {
      expect(stdout).toContain(` ${option} `);
    }
    const data = container.args[container.args.indexOf("--data") + 1];
    expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toEqual([data]);
  });

  it("opens the ingress to all, and the admin port to some", () => {
    expect(policy.kind).toBe("NetworkPolicy");
    expect(policy.spec.podSelector.matchLabels).toEqual(pod.metadata.labels);
    expect(set.spec.selector.matchLabels).toEqual(pod.metadata.labels);
    const rules = policy.spec.ingress.map(({ ports, from }) => [ports[0]?.port, from !== undefined]);
    expect(rules).toEqual([
      ["ingress", false],
      ["admin", true],
    ]);
  });
});

describe("prometheus.yml", () => {
  it("scrapes the default path of the admin port", async () => {
    const [config] = shown("prometheus.yml") as [
      {
        readonly scrape_configs: readonly {
          readonly static_configs: readonly { readonly targets: readonly string[] }[];
        }[];
      },
    ];
    const targets = config.scrape_configs.flatMap(({ static_configs }) =>
      static_configs.flatMap(({ targets }) => targets),
    );
    expect(targets).toEqual(["localhost:9070"]);
    expect(await statusOf("/metrics")).toBe(200); // Prometheus' default path
  });
});
