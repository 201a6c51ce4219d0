import { rm } from "node:fs/promises";
import { invocation } from "restate-connect";
import { embedded } from "restate-connect/engine";
import { createIngress, type Ingress } from "restate-connect/ingress";
import { createTransport } from "restate-connect/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import services from "../../examples/services.ts";
import { BalanceSchema } from "../../generated/org/example/accounts_pb.ts";
import { createSignupClient } from "../../generated/org/example/accounts_restate.ts";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import accounts from "./fixtures/accounts.ts";

let ingress: Ingress;
let data = "";
let url = "";
let admin: readonly string[] = [];

beforeAll(async () => {
  data = temporaryFolder("cli");
  ingress = createIngress({ services: [...services, ...accounts], engine: embedded({ path: data }) });
  const urls = await ingress.listen({ port: 0, adminPort: 0 });
  url = urls.url;
  admin = ["--admin", urls.adminUrl];
});
afterAll(async () => {
  await ingress.close();
  await rm(data, { recursive: true });
});

/** Runs `send` and returns the JSON it printed. */
async function send(
  ...args: readonly string[]
): Promise<{ id: string; status: string; executionTime: string | null }> {
  const { stdout, stderr } = await runCli("send", ...args, "--url", url, "--json");
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

describe("send", () => {
  it("sends exactly, int64 beyond a double included, and fills the key in", async () => {
    const { id } = await send("org.example.Counter/Add", '{"value": "9007199254740993"}', "--key", "exact");
    expect(id).toMatch(/^inv_1[0-9A-Za-z]{33}$/);
    const counter = createCounterClient(createTransport({ baseUrl: url })).key("exact");
    expect((await counter.get()).value).toBe(9007199254740993n);
  });

  it("names an object, and the run of a workflow", async () => {
    const transport = createTransport({ baseUrl: url });
    const credited = await send("org.example.Accounts/Credit", '{"cents": "5"}', "--key", "pete");
    expect(await invocation(transport, credited.id, BalanceSchema).attach()).toMatchObject({ cents: 1005n });
    await send("org.example.Signup/Run", "{}", "--key", "größe 1");
    const { account } = await createSignupClient(transport).workflow("größe 1").attach();
    expect(account).toMatch(/^größe 1 \d+$/);
  });

  it("sends once for an idempotency key", async () => {
    const args = ["org.example.Counter/Add", '{"value": 1}', "--key", "once", "--idempotency-key", "k"];
    const first = await send(...args);
    const second = await send(...args);
    expect(second.id).toBe(first.id);
    expect([first.status, second.status]).toEqual(["accepted", "previously-accepted"]);
  });

  it("says when a delayed one is due", async () => {
    const { stdout } = await runCli("send", "org.example.Greeter/Greet", "--delay", "1h", "--url", url);
    expect(stdout).toMatch(/^inv_1\w{33} accepted, due \d{4}-\d\d-\d\dT/);
  });

  it("says the same when it is repeated after that time", async () => {
    const args = ["org.example.Greeter/Greet", "{}", "--delay", "1ms", "--idempotency-key", "late"];
    const first = await send(...args);
    await invocation(createTransport({ baseUrl: url }), first.id, GreetResponseSchema).attach();
    expect(await send(...args)).toEqual({ ...first, status: "previously-accepted" });
  });

  it.each([
    [
      ["org.example.Greeter/Greet", '{"nam": "Pete"}'],
      /request is not a valid org\.example\.GreetRequest: .*"nam" is unknown/,
    ],
    [["org.example.Greeter/Greet", "{"], /request is not a valid org\.example\.GreetRequest: /],
    [["org.example.Greeter/Meet"], /org\.example\.Greeter has no method Meet; did you mean Greet\?$/],
    [
      ["org.example.Meeter/Meet"],
      /answered \[not_found\] the server has no service org\.example\.Meeter; did you mean org\.example\.Greeter\? \(--url must be the URL of an ingress that serves it/,
    ],
    [["org.example.Counter/Add", "{}"], /field counter of org\.example\.AddRequest is the object key/],
    [
      ["org.example.Greeter/Greet", "{}", "--key", "k"],
      /org\.example\.Greeter has no keys: leave out --key$/,
    ],
    [
      ["org.example.Accounts/Credit"],
      /org\.example\.Accounts has an object for each key: name the object with --key$/,
    ],
    [["org.example.Greeter"], /"org\.example\.Greeter" does not name a method: write Service\/Method/],
    [["org.example.Greeter/Greet", "--delay", "soon"], /--delay must be a duration such as 1500ms/],
  ])("send %j is refused in one line", async (args, message) => {
    const { code, stdout, stderr } = await runCli("send", ...args, "--url", url);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.trimEnd()).toMatch(message);
    expect(stderr.trimEnd()).not.toContain("\n");
  });
});

describe("invocations", () => {
  it("lists, gets, cancels and purges", async () => {
    const { id } = await send("org.example.Greeter/Greet", '{"name": "list"}', "--delay", "1h");
    const list = ["invocations", "list", ...admin, "--service", "org.example.Greeter"];

    const { stdout: scheduled } = await runCli(...list, "--state", "scheduled");
    expect(scheduled).toMatch(/^ID +TARGET +STATE +ATTEMPTS +CREATED +LAST FAILURE\n/);
    expect(scheduled).toMatch(new RegExp(`${id} +org\\.example\\.Greeter/Greet +scheduled +0 `));

    const { stdout: got } = await runCli("invocations", "get", id, ...admin);
    expect(got).toMatch(/^state +scheduled$/m);

    expect((await runCli("invocations", "cancel", id, ...admin)).stdout).toBe(`${id} is being cancelled\n`);
    const { stdout: failed } = await runCli(...list, "--state", "failed", "--json");
    expect(JSON.parse(failed)).toMatchObject([{ id, lastFailure: { code: "canceled" } }]);

    expect((await runCli("invocations", "purge", id, ...admin)).code).toBe(0);
    const { code, stderr } = await runCli("invocations", "get", id, ...admin);
    expect(code).toBe(1);
    expect(stderr).toContain("not_found");
  });

  it("kills", async () => {
    const { id } = await send("org.example.Greeter/Greet", '{"name": "kill"}', "--delay", "1h");
    expect((await runCli("invocations", "kill", id, ...admin)).stdout).toBe(`${id} is killed\n`);
    const { stdout } = await runCli("invocations", "get", id, "--json", ...admin);
    expect(JSON.parse(stdout)).toMatchObject([
      { state: "INVOCATION_STATE_FAILED", lastFailure: { code: "aborted" } },
    ]);
  });

  it("answers scripts with one array, for any number of ids", async () => {
    const { id: one } = await send("org.example.Greeter/Greet", "{}", "--delay", "1h");
    const { id: other } = await send("org.example.Greeter/Greet", "{}", "--delay", "1h");
    const json = async (...args: readonly string[]): Promise<unknown> =>
      JSON.parse((await runCli("invocations", ...args, "--json", ...admin)).stdout);
    expect(await json("get", one, other)).toMatchObject([{ id: one }, { id: other }]);
    expect(await json("cancel", one)).toEqual([{ id: one, status: "cancelling" }]);
    expect(await json("kill", other)).toEqual([{ id: other, status: "killed" }]);
    const unknown = `inv_1${"0".repeat(33)}`;
    const { code, stdout, stderr } = await runCli("invocations", "purge", one, unknown, "--json", ...admin);
    expect(JSON.parse(stdout)).toEqual([{ id: one, status: "purged" }]);
    expect(stderr).toContain("not_found");
    expect(code).toBe(1);
  });

  it("says what --admin takes where it was given an ingress", async () => {
    const { code, stderr } = await runCli("invocations", "list", "--admin", url);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `restate-connect: ${url} answered [unimplemented] Service 'restateconnect.v1.Admin' not found. It is on the admin port, 9070 by default; this is the ingress. (--admin must be the URL of the admin API of restate-connect serve, http://127.0.0.1:9070 by default)\n`,
    );
  });

  it("says how many were left out, on standard error", async () => {
    for (const key of ["1", "2", "3"]) {
      await send("org.example.Counter/Add", `{"counter": "left out ${key}"}`, "--delay", "1h");
    }
    const list = [
      "invocations",
      "list",
      ...admin,
      "--service",
      "org.example.Counter",
      "--state",
      "scheduled",
    ];
    const left =
      "the newest 2 of 3: see more with --limit, or select with --service, --state, --older-than\n";
    const table = await runCli(...list, "--limit", "2");
    expect(table.stdout.trimEnd().split("\n")).toHaveLength(3);
    expect(table.stderr).toBe(left);
    const json = await runCli(...list, "--limit", "2", "--json");
    expect(JSON.parse(json.stdout)).toHaveLength(2);
    expect(json.stderr).toBe(left);
    expect((await runCli(...list, "--limit", "3")).stderr).toBe("");
  });

  it("says so when there are none", async () => {
    const { stdout } = await runCli("invocations", "list", ...admin, "--key", "nobody");
    expect(stdout).toBe("no invocations\n");
  });

  it.each([
    [["list", "--state", "asleep"], /--state must be one of scheduled, pending, .*, not "asleep"$/],
    [["list", "--limit", "0"], /--limit must be a number, 1 or more, not "0"$/],
    [["get"], /missing required argument 'ids' \(see restate-connect invocations get --help\)$/],
    [["end", "inv_1"], /unknown command 'end' \(see restate-connect invocations --help\)$/],
    [["cancle"], /unknown command 'cancle' \(Did you mean cancel\?\)/],
    [["cancel"], /invocations cancel takes ids or a filter: /],
    [["kill", "inv_1", "--key", "k"], /invocations kill takes ids or a filter, not both$/],
    [["purge", "--key", "none", "--state", "asleep"], /--state must be one of /],
  ])("invocations %j is refused in one line", async (args, message) => {
    const { code, stderr } = await runCli("invocations", ...args, ...admin);
    expect(code).toBe(1);
    expect(stderr.trimEnd()).toMatch(message);
  });
});
