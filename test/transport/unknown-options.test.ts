import * as node from "restate-connect/node";
import * as web from "restate-connect/web";
import { describe, expect, it } from "vitest";

/** As JavaScript sees them: with any options. */
type Create = (options: object) => unknown;
const baseUrl = "http://localhost:8080";

describe.each<Create>([
  node.createTransport as Create,
  node.createConnectTransport as Create,
  node.createGrpcTransport as Create,
  node.createGrpcWebTransport as Create,
  node.createRestateTransport as Create,
])("$name of restate-connect/node", (create) => {
  it("refuses an option that does not exist, and says which one was meant", () => {
    expect(() => create({ baseUrl, interceptor: [] })).toThrow(
      `${create.name} has no option interceptor: did you mean interceptors?`,
    );
    expect(() => create({ baseUrl, colour: "red" })).toThrow(
      `${create.name} has no option colour: it has: baseUrl, format, `,
    );
  });

  it("takes options that are undefined for not given", () => {
    expect(() => create({ baseUrl, colour: undefined, session: undefined })).not.toThrow();
  });
});

describe.each<Create>([
  web.createTransport as Create,
  web.createConnectTransport as Create,
  web.createGrpcWebTransport as Create,
  web.createRestateTransport as Create,
])("$name of restate-connect/web", (create) => {
  it("refuses an option that does not exist, and lists those that do", () => {
    expect(() => create({ baseUrl, interceptor: [] })).toThrow(
      new RegExp(`^${create.name} has no option interceptor: it has: baseUrl, .*interceptors.*fetch`),
    );
  });

  it("takes options that are undefined for not given", () => {
    expect(() => create({ baseUrl, colour: undefined, fetch: undefined })).not.toThrow();
  });
});

it.each([
  [node.createTransport, "createTransport has no option protocl: did you mean protocol?"],
  [web.createTransport, "createTransport has no option protocl: it has: "],
])("a misspelt protocol is not taken for the default one", (create, message) => {
  expect(() => (create as Create)({ baseUrl, protocl: "grpc-web" })).toThrow(message);
});

it("a transport of one protocol refuses the options of others", () => {
  expect(() => (node.createConnectTransport as Create)({ baseUrl, protocol: "grpc" })).toThrow(
    "createConnectTransport has no option protocol: ",
  );
  expect(() => (web.createConnectTransport as Create)({ baseUrl, retry: true })).toThrow(
    "createConnectTransport has no option retry: ",
  );
});
