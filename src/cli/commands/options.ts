import { Option } from "@commander-js/extra-typings";
import { collect, parseDuration } from "../parse.ts";

/** Where the ingress is. */
export const urlOption = () =>
  new Option("--url <url>", "the ingress").env("RESTATE_CONNECT_URL").default("http://127.0.0.1:8080");

/** Where the admin API is. */
export const adminOption = () =>
  new Option("--admin <url>", "the admin API")
    .env("RESTATE_CONNECT_ADMIN_URL")
    .default("http://127.0.0.1:9070");

/** Output for scripts. */
export const jsonOption = () => new Option("--json", "print JSON for scripts, errors too");

/** The object key of a request. */
export const keyOption = () =>
  new Option(
    "--key <key>",
    "the object key: the KEY field of a KEYED service, the object of a VIRTUAL_OBJECT, the id of a WORKFLOW",
  );

/** Makes repeats of a request one invocation. */
export const idempotencyKeyOption = () =>
  new Option("--idempotency-key <key>", "invoke once, however often the command is repeated");

/** Request headers. */
export const headerOption = () =>
  new Option("-H, --header <name: value>", "a request header; may repeat").argParser(collect);

/** How long to wait. */
export const timeoutOption = () =>
  new Option(
    "--timeout <time>",
    "how long to wait for the response (10s, 5m; default: until it is there)",
  ).argParser(parseDuration("--timeout"));
