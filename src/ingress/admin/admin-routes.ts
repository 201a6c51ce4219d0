import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  Admin,
  type DescribeServerResponseSchema,
  ListInvocationsRequestSchema,
} from "../../../generated/restateconnect/v1/admin_pb.ts";
import type { Engine } from "../../engine/engine.ts";
import { invocationMessage, knownInvocation } from "../builtin/invocation-message.ts";
import { typedRoute } from "../builtin/typed-route.ts";
import type { Codec } from "../codec.ts";
import type { UnaryRoute } from "../route.ts";
import type { Statistics } from "../statistics/statistics.ts";
import { endInvocations } from "./end-invocations.ts";
import { inspectInvocation } from "./inspect-invocation.ts";
import { countMatching, listMatching } from "./invocation-query.ts";
import { countMessage, statisticsMessage } from "./statistics-message.ts";

/** `restateconnect.v1.Admin`. */
export function adminRoutes(
  engine: Engine,
  server: MessageInitShape<typeof DescribeServerResponseSchema>,
  statistics: Statistics,
  codec: Codec,
): UnaryRoute[] {
  const { method } = Admin;
  return [
    typedRoute(method.describeServer, codec, async () => ({ message: server })),
    typedRoute(method.listInvocations, codec, async (request) => {
      const { invocations, nextPageToken = "" } = await listMatching(engine, request);
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
    typedRoute(method.inspectInvocation, codec, async ({ id }) => ({
      message: await inspectInvocation(engine, id),
    })),
    typedRoute(method.endInvocations, codec, async (request) => ({
      message: await endInvocations(engine, request),
    })),
    typedRoute(method.countMatchingInvocations, codec, async ({ filter }) => ({
      message: await countMatching(engine, filter ?? create(ListInvocationsRequestSchema)),
    })),
    typedRoute(method.getStatistics, codec, async ({ since }) => ({
      message: await statisticsMessage(engine, statistics, since),
    })),
    typedRoute(method.countInvocations, codec, async () => ({
      message: {
        counts: (await engine.count()).map(countMessage),
      },
    })),
  ];
}
