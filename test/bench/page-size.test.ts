import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { measurePage } from "../../bench/page-size/measure-page.ts";
import { type Server, startServer } from "../../bench/servers/start.ts";

/**
 * The most that a page with one typed call may load, bytes with gzip. A page that has become smaller lowers its
 * budget, so that it stays small.
 */
const budgets = [
  { page: "create-transport.ts", bytes: 40_500 },
  { page: "connect-transport.ts", bytes: 27_500 },
  { page: "grpc-web-transport.ts", bytes: 29_000 },
  { page: "restate-transport.ts", bytes: 47_000 },
  { page: "json-client.ts", bytes: 1_900 },
];

describe("what a page with one typed call loads", () => {
  let server: Server;

  beforeAll(async () => {
    server = await startServer({ cores: undefined }, "raw", "1.1", "5", "as-restate");
  });

  afterAll(() => server[Symbol.asyncDispose]());

  it.each(budgets)("is at most $bytes bytes for $page", async ({ page, bytes }) => {
    const { loaded } = await measurePage(new URL(`../../bench/page-size/pages/${page}`, import.meta.url), {
      url: server.ready.url,
      conditions: ["@restate-connect/source"],
    });
    expect(loaded.gzip).toBeLessThanOrEqual(bytes);
  });
});
