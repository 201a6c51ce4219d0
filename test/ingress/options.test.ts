import { rm } from "node:fs/promises";
import { createEndpoint } from "restate-connect/endpoint";
import { embedded, restate } from "restate-connect/engine";
import { createIngress, type IngressOptions } from "restate-connect/ingress";
import { createTestEnvironment, type TestEnvironmentOptions } from "restate-connect/testing";
import { afterAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";

const path = temporaryFolder("options");
afterAll(() => rm(path, { recursive: true, force: true }));

/** As JavaScript sees it: with any options. */
const ingress = (options: object) =>
  createIngress({ services: [], engine: embedded({ path }), ...options }).listen({ port: 0, adminPort: 0 });

describe("an option that does not exist", () => {
  it.each([
    [{ allowCancle: true }, "createIngress has no option allowCancle: did you mean allowCancel?"],
    [
      { limits: { maxMessageByte: 1 } },
      "limits of createIngress has no option maxMessageByte: did you mean maxMessageBytes?",
    ],
    [
      { cors: { origin: "https://app.example.com" } },
      "cors of createIngress has no option origin: did you mean origins?",
    ],
    [
      { tls: { cert: "", key: "", ca: "" } },
      "tls of createIngress has no option ca: it has: cert, key, clientCa",
    ],
  ])("of createIngress is refused: %j", async (options, message) => {
    await expect((async () => ingress(options))()).rejects.toThrow(message);
  });

  it.each([
    [{ retention: 1 }, "embedded has no option retention: did you mean retentionMs?"],
    [{ retry: { attempts: 3 } }, "retry of embedded has no option attempts: did you mean maxAttempts?"],
  ])("of embedded is refused: %j", (options: object, message) => {
    expect(() => embedded({ path, ...options })).toThrow(message);
  });

  it("of createIngress is named where it was meant to be a needed one", () => {
    const options = { service: [], engine: embedded({ path }) } as unknown as IngressOptions;
    expect(() => createIngress(options)).toThrow(
      "createIngress has no option service: did you mean services?",
    );
  });

  it("of createEndpoint and createTestEnvironment is refused", async () => {
    const options = { services: [], identityKey: "publickeyv1_1", embeded: {} };
    expect(() => createEndpoint(options)).toThrow(
      "createEndpoint has no option identityKey: did you mean identityKeys?",
    );
    await expect(
      createTestEnvironment({ ...options, identityKey: undefined } as object as TestEnvironmentOptions),
    ).rejects.toThrow("createTestEnvironment has no option embeded: did you mean embedded?");
  });

  it("of restate is refused", () => {
    const options = {
      ingressUrl: "http://localhost:8080",
      adminUrl: "http://localhost:9070",
      callTimeout: 5,
    };
    expect(() => restate(options)).toThrow("restate has no option callTimeout: did you mean callTimeoutMs?");
  });
});
