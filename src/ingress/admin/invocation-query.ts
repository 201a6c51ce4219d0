import { durationMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ListInvocationsRequest } from "../../../generated/restateconnect/v1/admin_pb.ts";
import type { Engine, InvocationPage, InvocationQuery } from "../../engine/engine.ts";
import type { InvocationInfo, InvocationStateName } from "../../model/invocation.ts";
import { engineState } from "../builtin/invocation-message.ts";

const defaultPageSize = 100;
const maxPageSize = 1000;

/** How long one request counts, ms. */
const countMs = 250;

/**
 * A page of the invocations that a request asks for.
 *
 * @throws ConnectError `invalid_argument` when the request contradicts itself.
 */
export async function listMatching(engine: Engine, request: ListInvocationsRequest): Promise<InvocationPage> {
  if (request.id !== "" || request.idempotencyKey !== undefined) {
    return { invocations: await findOne(engine, request) };
  }
  return engine.list(queryOf(request));
}

/** Counts the invocations that match, from `pageToken` on, for as long as one request may look. */
export async function countMatching(
  engine: Engine,
  request: ListInvocationsRequest,
): Promise<{ readonly count: number; readonly nextPageToken: string }> {
  const deadline = performance.now() + countMs;
  let count = 0;
  let pageToken = request.pageToken;
  do {
    const page = await listMatching(engine, { ...request, pageSize: maxPageSize, pageToken });
    count += page.invocations.length;
    pageToken = page.nextPageToken ?? "";
  } while (pageToken !== "" && performance.now() < deadline);
  return { count, nextPageToken: pageToken };
}

/** The one invocation with the id or the idempotency key, if it meets the rest of the filter. */
async function findOne(engine: Engine, request: ListInvocationsRequest): Promise<readonly InvocationInfo[]> {
  const { service, method, key, states } = request;
  const id = request.id !== "" ? request.id : await idByIdempotencyKey(engine, request);
  const info = await engine.get(id);
  const wanted = states.map(knownState);
  const isMatch =
    info !== undefined &&
    (service === "" || info.target.service === service) &&
    (method === "" || info.target.method === method) &&
    (key === undefined || info.target.key === key) &&
    (wanted.length === 0 || wanted.includes(info.state));
  return isMatch ? [info] : [];
}

function idByIdempotencyKey(
  engine: Engine,
  { service, method, key, idempotencyKey = "" }: ListInvocationsRequest,
): Promise<string> {
  if (service === "" || method === "") {
    throw new ConnectError(
      "idempotency_key is of one method: give service and method too, and the key where there are keys",
      Code.InvalidArgument,
    );
  }
  return engine.lookup({ service, method, key, idempotencyKey });
}

function queryOf(request: ListInvocationsRequest): InvocationQuery {
  const { service, method, key, states, minAge, maxAge, invokedBy, oldestFirst, pageSize, pageToken } =
    request;
  return {
    pageSize: Math.min(pageSize === 0 ? defaultPageSize : pageSize, maxPageSize),
    oldestFirst,
    ...(service === "" ? {} : { service }),
    ...(method === "" ? {} : { method }),
    ...(key === undefined ? {} : { key }),
    ...(states.length === 0 ? {} : { states: states.map(knownState) }),
    ...(minAge === undefined ? {} : { minAgeMs: durationMs(minAge) }),
    ...(maxAge === undefined ? {} : { maxAgeMs: durationMs(maxAge) }),
    ...(invokedBy === "" ? {} : { invokedBy }),
    ...(pageToken === "" ? {} : { pageToken }),
  };
}

function knownState(state: ListInvocationsRequest["states"][number]): InvocationStateName {
  const known = engineState(state);
  if (known === undefined) {
    throw new ConnectError(
      `states has ${state}, which is not a state of an invocation`,
      Code.InvalidArgument,
    );
  }
  return known;
}
