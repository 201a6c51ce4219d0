import { useQuery } from "@tanstack/preact-query";
import { admin } from "../server.ts";
import { type StateName, stateName } from "./filter.ts";
import { liveInterval } from "./live-interval.ts";

/** How many invocations a service has in each state; "" for all services. */
export function useCounts(service: string, isLive: boolean): ReadonlyMap<StateName, number> {
  const { data } = useQuery({
    queryKey: ["counts"],
    queryFn: async ({ signal }) => {
      const begun = performance.now();
      const { counts } = await admin.countInvocations({}, { signal });
      return { counts, durationMs: performance.now() - begun };
    },
    refetchInterval: (query) => liveInterval(isLive, query.state.data?.durationMs),
  });
  const sums = new Map<StateName, number>();
  for (const { service: name, state, count } of data?.counts ?? []) {
    const known = stateName(state);
    if (known !== "unknown" && (service === "" || name === service)) {
      sums.set(known, (sums.get(known) ?? 0) + Number(count));
    }
  }
  return sums;
}
