import type { Logger } from "../model/logger.ts";
import type { HttpResponse } from "./http/exchange.ts";
import { doHeadersFit, type FittingHeaders, fitHeaders } from "./http/fit-headers.ts";

/** The response with headers and trailers that are small enough to arrive. What had to be cut is logged. */
export function fitResponse(response: HttpResponse, logger: Logger): HttpResponse {
  if (doHeadersFit(response.headers) && doHeadersFit(response.trailers ?? [])) {
    return response;
  }
  const headers = fitHeaders(response.headers);
  const trailers: FittingHeaders =
    response.trailers === undefined ? noHeaders : fitHeaders(response.trailers);
  const cut = [...headers.cut, ...trailers.cut];
  logger.warn("cut response headers or trailers that are larger than a client would get", {
    names: cut.join(", "),
  });
  return {
    ...response,
    headers: headers.headers,
    ...(response.trailers === undefined ? {} : { trailers: trailers.headers }),
  };
}

const noHeaders: FittingHeaders = { headers: [], cut: [] };
