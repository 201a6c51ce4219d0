import { ConnectError } from "@connectrpc/connect";
import { escapeControls } from "../model/excerpt.ts";
import type { Logger } from "../model/logger.ts";
import type { HeaderList } from "../model/outcome.ts";
import { isLegalHeaderValue } from "../wire/header-value.ts";
import type { UnaryResponse } from "./protocol/protocol.ts";

/** The response without metadata that HTTP cannot carry. An outcome arrives, regardless of the metadata that a handler has set. */
export function legalResponse(response: UnaryResponse, logger: Logger): UnaryResponse {
  const headers = legalMetadata(response.headers, logger);
  const trailers = legalMetadata(response.trailers, logger);
  return headers === response.headers && trailers === response.trailers
    ? response
    : { ...response, headers, trailers };
}

/** The error without metadata that HTTP cannot carry. */
export function legalError(error: ConnectError, logger: Logger): ConnectError {
  const metadata: HeaderList = [...error.metadata];
  const kept = legalMetadata(metadata, logger);
  if (kept === metadata) {
    return error;
  }
  const pairs = kept.map(([name, value]): [string, string] => [name, value]);
  const legal = new ConnectError(error.rawMessage, error.code, pairs, undefined, error.cause);
  legal.details = error.details;
  return legal;
}

function legalMetadata(list: HeaderList, logger: Logger): HeaderList {
  if (list.every(isLegal)) {
    return list;
  }
  const illegal = list.filter((field) => !isLegal(field));
  const names = illegal.map(([name]) => escapeControls(name)).join(", ");
  logger.warn("dropped response metadata with control characters, which HTTP does not carry", { names });
  return list.filter(isLegal);
}

function isLegal([, value]: HeaderList[number]): boolean {
  return isLegalHeaderValue(value);
}
