import { timestampMs } from "@bufbuild/protobuf/wkt";
import { useQuery, useQueryClient } from "@tanstack/preact-query";
import type { GetStatisticsResponse } from "../../../generated/restateconnect/v1/admin_pb.ts";
import { admin } from "../server.ts";

const hourMs = 3_600_000;
const refetchMs = 5_000;

/** What the server did in the last hour. The first answer has all of it, the later ones what is new. */
export function useStatistics() {
  const queries = useQueryClient();
  return useQuery({
    queryKey: ["statistics"],
    queryFn: async ({ signal }): Promise<GetStatisticsResponse> => {
      const before = queries.getQueryData<GetStatisticsResponse>(["statistics"]);
      const last = before?.samples.at(-1)?.at;
      const answer = await admin.getStatistics(last === undefined ? {} : { since: last }, { signal });
      const isSameServer =
        before?.startedAt !== undefined &&
        answer.startedAt !== undefined &&
        timestampMs(before.startedAt) === timestampMs(answer.startedAt);
      if (before === undefined) {
        return answer;
      }
      if (!isSameServer) {
        return admin.getStatistics({}, { signal });
      }
      const oldest = Date.now() - hourMs;
      const samples = [...before.samples, ...answer.samples];
      return { ...answer, samples: samples.filter(({ at }) => at !== undefined && timestampMs(at) > oldest) };
    },
    refetchInterval: refetchMs,
    structuralSharing: false,
  });
}
