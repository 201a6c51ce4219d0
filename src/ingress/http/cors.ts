import { nameHint } from "../../model/closest.ts";
import { type OptionNames, refuseUnknownOptions } from "../../model/known-options.ts";
import type { Logger } from "../../model/logger.ts";
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

const optionNames: OptionNames<CorsOptions> = { origins: 1 };

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

/** So many origins are logged when they are refused: any client can invent more. */
const maxLogged = 100;

/** Cross-origin requests, for origins on loopback and those of the options. The log gets each origin that is refused, once. */
export function cors(options: CorsOptions, logger: Logger): Cors {
  refuseUnknownOptions("cors of createIngress", options, optionNames, nameHint);
  const { origins } = options;
  const listed = new Set(origins);
  const vary = ["vary", "Origin"] as const;
  const varies: HeaderList = [vary];
  const logged = new Set<string>();

  function allow(origin: string | undefined): HeaderList {
    if (origin === undefined) {
      return varies;
    }
    if (listed.has(origin) || isLoopback(origin)) {
      return [vary, ["access-control-allow-origin", origin], ["access-control-allow-credentials", "true"]];
    }
    return listed.has("*") ? [vary, ["access-control-allow-origin", "*"]] : [vary];
  }

  /** The page only learns that it may not, not why. */
  function logRefusal(origin: string | undefined): void {
    if (origin !== undefined && logged.size < maxLogged && !logged.has(origin)) {
      logged.add(origin);
      logger.warn(
        "a page of another origin was refused (CORS): allow the origin with --cors, or with cors of createIngress",
        { origin },
      );
    }
  }

  return {
    preflight(headers) {
      const origin = headerOf(headers, "origin");
      const allowed = allow(origin);
      if (allowed.length === 1) {
        logRefusal(origin);
      }
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
      const origin = headerOf(headers, "origin");
      const allowed = allow(origin);
      if (allowed.length === 1) {
        if (isFromOtherSite(headers)) {
          logRefusal(origin);
        }
        return allowed;
      }
      return [
        ...allowed,
        [
          "access-control-expose-headers",
          [...new Set([...alwaysExposed, ...response.headers.map(([name]) => name)])].join(", "),
        ],
      ];
    },
  };
}

/** A page behind the proxy of the ingress sends its origin too, and may read what it gets. */
function isFromOtherSite(headers: RequestHeaders): boolean {
  const site = headerOf(headers, "sec-fetch-site");
  return site === "cross-site" || site === "same-site";
}

/** An origin on the machine that the browser runs on. */
function isLoopback(origin: string): boolean {
  if (!URL.canParse(origin)) {
    return false;
  }
  const { hostname, protocol } = new URL(origin);
  return (protocol === "http:" || protocol === "https:") && isLoopbackName(hostname);
}
