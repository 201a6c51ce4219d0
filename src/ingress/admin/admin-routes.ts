import type { MessageInitShape } from "@bufbuild/protobuf";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  Admin,
  type DescribeServerResponseSchema,
  type ListInvocationsRequest,
} from "../../../generated/restateconnect/v1/admin_pb.ts";
import type { Engine, InvocationQuery } from "../../engine/engine.ts";
import type { InvocationStateName } from "../../model/invocation.ts";
import {
  engineState,
  invocationMessage,
  knownInvocation,
  protoState,
} from "../builtin/invocation-message.ts";
import { typedRoute } from "../builtin/typed-route.ts";
import type { Codec } from "../codec.ts";
import type { UnaryRoute } from "../route.ts";

const defaultPageSize = 100;
const maxPageSize = 1000;

/** `restateconnect.v1.Admin`. */
export function adminRoutes(
  engine: Engine,
  server: MessageInitShape<typeof DescribeServerResponseSchema>,
  codec: Codec,
): UnaryRoute[] {
  const { method } = Admin;
  return [
    typedRoute(method.describeServer, codec, async () => ({ message: server })),
    typedRoute(method.listInvocations, codec, async (request) => {
      const { invocations, nextPageToken = "" } = await engine.list(queryOf(request));
      return { message: { invocations: invocations.map(invocationMessage), nextPageToken } };
    }),
    typedRoute(method.getInvocation, codec, async ({ id }) => ({
      message: { invocation: await knownInvocation(engine, id) },
    })),
    typedRoute(method.cancelInvocation, codec, async ({ id }) => {
      await engine.cancel(id, "cancel");
      return { message: {} };
    }),
    typedRoute(method.killInvocation, codec, async ({ id }) => {
      await engine.cancel(id, "kill");
      return { message: {} };
    }),
    typedRoute(method.purgeInvocation, codec, async ({ id }) => {
      await engine.purge(id);
      return { message: {} };
    }),
    typedRoute(method.countInvocations, codec, async () => ({
      message: {
        counts: (await engine.count()).map(({ service, state, count }) => ({
          service,
          state: protoState(state),
          count: BigInt(count),
        })),
      },
    })),
  ];
}

function queryOf(request: ListInvocationsRequest): InvocationQuery {
  const { service, method, key, states, minAge, pageSize, pageToken } = request;
  return {
    pageSize: Math.min(pageSize === 0 ? defaultPageSize : pageSize, maxPageSize),
    ...(service === "" ? {} : { service }),
    ...(method === "" ? {} : { method }),
    ...(key === undefined ? {} : { key }),
    ...(states.length === 0 ? {} : { states: states.map(knownState) }),
    ...(minAge === undefined ? {} : { minAgeMs: durationMs(minAge) }),
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
