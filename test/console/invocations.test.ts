import { expect, it } from "vitest";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { describeConsole } from "./describe-console.ts";

await describeConsole("the invocations in the console", ({ engine, server, shown, page, transport }) => {
  const send = (name: string) => createGreeterClient(transport()).send.greet({ name });
  const sendAndWait = async (name: string) => {
    const sent = await send(name);
    await sent.attach().catch(() => undefined);
    return sent.id;
  };
  const stateIs = (state: string) => page().locator("h1 .state", { hasText: state }).waitFor();

  it("are listed, the newest first, and live", async () => {
    const first = await sendAndWait("first");
    await shown().view("invocations");
    await page().locator(`td a[href="#/invocations/${first}"]`).waitFor();
    const second = await sendAndWait("second");
    await page().locator(`tbody tr:first-child a[href="#/invocations/${second}"]`).waitFor();
    await page().getByRole("button", { name: "Created" }).click();
    await page().locator(`tbody tr:first-child a[href="#/invocations/${first}"]`).waitFor();
    expect(await page().locator("th[aria-sort]").getAttribute("aria-sort")).toBe("ascending");
    await shown().expectAccessible();
  });

  it("are filtered by state, service, method, key, id and idempotency key, all of it in the address", async () => {
    const counter = createCounterClient(transport()).key("filtered");
    await counter.send.add({ value: 1n }, { idempotencyKey: "once" });
    const failed = await sendAndWait("fail");
    const other = await sendAndWait("other");
    await shown().view("invocations");
    await page().locator(".state-chip", { hasText: "failed" }).click();
    await page().locator(`td a[href="#/invocations/${failed}"]`).waitFor();
    expect(page().url()).toContain("state=failed");
    await page().locator(`td a[href="#/invocations/${other}"]`).waitFor({ state: "detached" });

    await shown().view("invocations?service=org.example.Counter&key=filtered");
    expect(await page().getByLabel("Service").inputValue()).toBe("org.example.Counter");
    await page().locator("tbody tr").first().waitFor();
    expect(await page().locator("tbody tr").count()).toBe(1);

    await shown().view("invocations");
    await page().getByLabel("Invocation id").fill(other);
    await page().getByLabel("Invocation id").press("Enter");
    await page().locator("tbody tr:only-child").waitFor();
    expect(await page().locator("tbody tr a").getAttribute("href")).toBe(`#/invocations/${other}`);

    if (engine === "embedded") {
      const named = "service=org.example.Counter&method=Add&key=filtered&idempotency-key=once";
      await shown().view(`invocations?${named}`);
      await page().locator("tbody tr:only-child").waitFor();
    }
    await shown().view("invocations?key=nobody");
    await page().getByText("None matches the filter.").waitFor();
  });

  it("show request, outcome and the time line, with what failed", async () => {
    const id = await sendAndWait(`flaky ${engine}`);
    await shown().view(`invocations/${id}`);
    await stateIs("succeeded");
    const request = page().getByRole("region", { name: "Request message" });
    expect(await request.textContent()).toContain(`"name": "flaky ${engine}"`);
    expect(await page().getByRole("region", { name: "Response message" }).textContent()).toContain("call 3");
    const events = await page().locator(".timeline li").allTextContents();
    expect(events[0]).toMatch(/^Accepted/);
    expect(events.slice(1, -1).every((event) => /failed.*try again/.test(event))).toBe(true);
    expect(events).toHaveLength(engine === "embedded" ? 4 : 3);
    expect(events.at(-1)).toMatch(/^Succeeded/);
    await shown().expectAccessible();
  });

  it("show the error that ended one, with its typed details", async () => {
    await shown().view(`invocations/${await sendAndWait("fail")}`);
    await stateIs("failed");
    expect(await page().locator(".failure").textContent()).toContain("no such thing");
    expect(await page().locator(".failure").textContent()).toContain("org.example.GreetRequest");
  });

  it("lead to those that their handlers made, and back", async () => {
    const id = await sendAndWait("parallel x");
    await shown().view(`invocations/${id}`);
    const children = page().locator('section[aria-labelledby="relations-title"] a');
    await children.first().click();
    await page().locator(`section[aria-labelledby="relations-title"] a[href="#/invocations/${id}"]`).click();
    await page().locator("h1", { hasText: "Greeter" }).waitFor();
    expect(page().url()).toContain(id);
  });

  it("are cancelled while they run, after a question", async () => {
    const { id } = await send("await never");
    await server().notes.awakeable("await never");
    await shown().view(`invocations/${id}`);
    await stateIs("running");
    await page().getByRole("button", { name: "Cancel…" }).click();
    await shown().expectAccessible();
    await page().getByRole("dialog").getByRole("button", { name: "Cancel", exact: true }).click();
    await stateIs("failed");
    expect(await page().locator(".failure").textContent()).toContain("cancel");
  });

  it("go on when an awakeable is resolved by hand, and fail when it is rejected", async () => {
    const resolved = await send("await resolved");
    const rejected = await send("await rejected");
    const ids = [
      await server().notes.awakeable("await resolved"),
      await server().notes.awakeable("await rejected"),
    ];
    await shown().view("invocations");
    for (const [id = "", completion, text] of [
      [ids[0], "Resolve", '"by hand"'],
      [ids[1], "Reject", "not today"],
    ] as const) {
      await page().getByRole("button", { name: "Complete an awakeable…" }).click();
      const dialog = page().getByRole("dialog");
      await dialog.getByLabel("Id").fill(id);
      await dialog.locator(".segmented label", { hasText: completion }).click();
      await dialog.locator("textarea").fill(text);
      await dialog.getByRole("button", { name: completion, exact: true }).click();
      await dialog.waitFor({ state: "detached" });
    }
    expect((await resolved.attach()).greeting).toBe("got by hand");
    await expect(rejected.attach()).rejects.toThrow("not today");
  });

  it("are purged by a filter, after a confirmation that says how many", async () => {
    const counter = createCounterClient(transport()).key("purged");
    const sent = await Promise.all(Array.from({ length: 7 }, () => counter.send.add({ value: 1n })));
    await Promise.all(sent.map((one) => one.attach()));
    await shown().view("invocations?service=org.example.Counter&key=purged");
    await page().getByRole("button", { name: "Purge…" }).click();
    const dialog = page().getByRole("dialog");
    await dialog.getByText("7 invocations match.").waitFor();
    await dialog.getByRole("button", { name: "Purge 7" }).click();
    await dialog.getByText("7 purged.").waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    await page().getByText("None matches the filter.").waitFor();
  });

  it("that are unknown are said to be", async () => {
    await shown().view("invocations/inv_1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    await page().getByRole("alert").waitFor();
  });

  it("makes no external request, and breaks no rule of its policy", () => shown().expectClean());
});
