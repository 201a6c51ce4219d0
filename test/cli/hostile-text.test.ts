import { rm } from "node:fs/promises";
import { embedded } from "restate-connect/engine";
import { createIngress } from "restate-connect/ingress";
import { createTransport } from "restate-connect/node";
import { expect, it } from "vitest";
import services from "../../examples/services.ts";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { runCli } from "../support/cli.ts";
import { silentLogger } from "../support/loggers.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

it("shows keys of callers without steering the terminal, forging a row or padding all the rows", async () => {
  const path = temporaryFolder("hostile-text");
  const ingress = createIngress({ services, engine: embedded({ path }), logger: silentLogger });
  try {
    const { url, adminUrl } = await ingress.listen({ port: 0, adminPort: 0 });
    const counters = createCounterClient(createTransport({ baseUrl: url }));
    const keys = [
      "x\u001b[2J\u001b]0;owned\u0007\r\ninv_1forged  org.example.Till/Deposit",
      "k".repeat(4_000),
      "short",
    ];
    for (const key of keys) {
      await counters.key(key).send.add({ value: 1n }, { delay: 3_600_000 });
    }
    const { stdout, code } = await runCli("invocations", "list", "--admin", adminUrl);
    expect(code).toBe(0);
    const [, ...rows] = stdout.trimEnd().split("\n");
    expect(rows).toHaveLength(3);
    expect(rows.every((row) => row.length < 250)).toBe(true);
    expect(stdout.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    expect(stdout).toContain("\\u001b[2J");
    const id = rows.find((row) => row.includes("\\u001b"))?.split(" ")[0] ?? "";
    const shown = await runCli("invocations", "get", id, "--admin", adminUrl);
    expect(shown.stdout).toContain("\\u000d\\ninv_1forged");
    expect(shown.stdout).not.toContain("\u001b");
  } finally {
    await ingress.close();
    await rm(path, { recursive: true });
  }
});
