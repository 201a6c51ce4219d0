import type { HeaderList } from "../../model/outcome.ts";
import { restateHeaders } from "../../model/restate-headers.ts";
import type { HttpResponse } from "./exchange.ts";
import { headerOf, type RequestHeaders } from "./headers.ts";
import { isLoopbackName } from "./loopback.ts";

/** Who may call from a browser. */
export interface CorsOptions {
  /**
   * Origins besides those on loopback, for example `https://app.example.com`. `*` stands for any, without
   * credentials.
   */
  readonly origins: readonly string[];
}

/** Answers preflights, and lets allowed origins read responses. */
export interface Cors {
  /** Like every answer, it still gets what `expose` adds: the origin that may read it. */
  preflight(headers: RequestHeaders): HttpResponse;
  /** What to add to a response that has these headers. */
  expose(headers: RequestHeaders, response: Pick<HttpResponse, "headers">): HeaderList;
}

/** How long a browser may remember a preflight, s. Chromium takes no more. */
const maxAge = "7200";

/** Without these a browser can read neither a gRPC-web error nor what we add. */
const alwaysExposed = [
  "grpc-status",
  "grpc-message",
  "grpc-status-details-bin",
  restateHeaders.invocationId,
  restateHeaders.idempotencyExpires,
  restateHeaders.executionTime,
  restateHeaders.sendStatus,
  "retry-after",
];

/** Cross-origin requests, for origins on loopback and those of the options. */
export function cors({ origins }: CorsOptions): Cors {
  const listed = new Set(origins);
  const vary = ["vary", "Origin"] as const;
  const varies: HeaderList = [vary];

  function allow(origin: string | undefined): HeaderList {
    if (origin === undefined) {
      return varies;
    }
    if (listed.has(origin) || isLoopback(origin)) {
      return [vary, ["access-control-allow-origin", origin], ["access-control-allow-credentials", "true"]];
    }
    return listed.has("*") ? [vary, ["access-control-allow-origin", "*"]] : [vary];
  }

  return {
    preflight(headers) {
      const allowed = allow(headerOf(headers, "origin"));
      const asked = headerOf(headers, "access-control-request-headers");
      const permissions: HeaderList =
        allowed.length === 1
          ? []
          : [
              ["access-control-allow-methods", "POST, GET"],
              ...(asked === undefined ? [] : ([["access-control-allow-headers", asked]] as const)),
              ["access-control-max-age", maxAge],
            ];
      return {
        status: 204,
        headers: [
          ["allow", "POST, GET, OPTIONS"],
          ["vary", "Access-Control-Request-Method, Access-Control-Request-Headers"],
          ...permissions,
        ],
        body: new Uint8Array(),
      };
    },
    expose(headers, response) {
      const allowed = allow(headerOf(headers, "origin"));
      return allowed.length === 1
        ? allowed
        : [
            ...allowed,
            [
              "access-control-expose-headers",
              [...new Set([...alwaysExposed, ...response.headers.map(([name]) => name)])].join(", "),
            ],
          ];
    },
  };
}

/** An origin on the machine that the browser runs on. */
function isLoopback(origin: string): boolean {
  if (!URL.canParse(origin)) {
    return false;
  }
  const { hostname, protocol } = new URL(origin);
  return (protocol === "http:" || protocol === "https:") && isLoopbackName(hostname);
}
