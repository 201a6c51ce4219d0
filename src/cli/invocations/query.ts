import type { MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { ListInvocationsRequestSchema } from "../../../generated/restateconnect/v1/admin_pb.ts";
import type { AdminClient } from "../../../generated/restateconnect/v1/admin_restate.ts";
import type { Invocation } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import { parseState } from "./text.ts";

/** The options that select invocations: those that meet all of them. */
export interface FilterOptions {
  readonly service?: string | undefined;
  readonly method?: string | undefined;
  readonly key?: string | undefined;
  readonly state?: readonly string[] | undefined;
  /** ms. */
  readonly olderThan?: number | undefined;
}

/** A page has at most this many invocations. */
const maxPageSize = 1_000;

/** The query of the admin API. @throws UsageError for an unknown state. */
export function queryOf(options: FilterOptions): MessageInitShape<typeof ListInvocationsRequestSchema> {
  const { service, method, key, state = [], olderThan } = options;
  return {
    ...(service === undefined ? {} : { service }),
    ...(method === undefined ? {} : { method }),
    ...(key === undefined ? {} : { key }),
    states: state.map(parseState),
    ...(olderThan === undefined ? {} : { minAge: durationFromMs(olderThan) }),
  };
}

/** True if the options select anything at all. */
export function isFilter(options: FilterOptions): boolean {
  const { service, method, key, state, olderThan } = options;
  return [service, method, key, state, olderThan].some((option) => option !== undefined);
}

/** The invocations that were found, the newest first. */
export interface FoundInvocations {
  readonly invocations: readonly Invocation[];
  /** Where those beyond the limit begin. Empty if there are none. */
  readonly nextPageToken: string;
}

/** Lists invocations, page by page, until there are no more or the limit is reached. */
export async function findInvocations(
  admin: AdminClient,
  options: FilterOptions,
  limit: number,
): Promise<FoundInvocations> {
  const query = queryOf(options);
  const invocations: Invocation[] = [];
  let pageToken = "";
  do {
    const pageSize = Math.min(limit - invocations.length, maxPageSize);
    const page = await admin.listInvocations({ ...query, pageSize, pageToken });
    invocations.push(...page.invocations);
    pageToken = page.nextPageToken;
  } while (pageToken !== "" && invocations.length < limit);
  return { invocations, nextPageToken: pageToken };
}

/**
 * How many invocations match, if they are more than those found: `2,341`, or `more than 90,000` where counting takes
 * long. Undefined if they are all there.
 */
export async function totalBeyond(
  admin: AdminClient,
  options: FilterOptions,
  { invocations, nextPageToken }: FoundInvocations,
): Promise<string | undefined> {
  if (nextPageToken === "") {
    return undefined;
  }
  const filter = { ...queryOf(options), pageToken: nextPageToken };
  const { count, nextPageToken: uncounted } = await admin.countMatchingInvocations({ filter });
  const total = (invocations.length + count).toLocaleString("en-US");
  if (uncounted !== "") {
    return `more than ${total}`;
  }
  return count === 0 ? undefined : total;
}
