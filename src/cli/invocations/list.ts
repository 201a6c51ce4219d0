import { setTimeout as sleep } from "node:timers/promises";
import { toJson } from "@bufbuild/protobuf";
import { createAdminClient } from "../../../generated/restateconnect/v1/admin_restate.ts";
import { InvocationSchema } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import { adminServer, connected } from "../connection.ts";
import { type FilterOptions, type FoundInvocations, findInvocations } from "./query.ts";
import { table } from "./table.ts";
import { failureText, stateName, targetText, timeText } from "./text.ts";

/** The options of `restate-connect invocations list`. */
export interface ListOptions extends FilterOptions {
  readonly admin: string;
  readonly limit: number;
  readonly watch?: true | undefined;
  readonly json?: true | undefined;
}

const watchIntervalMs = 1_000;

/** How much of an object key the list shows, characters. */
const maxKey = 40;

/** Lists invocations; with `watch` again and again, until the process is interrupted. */
export async function list(options: ListOptions): Promise<void> {
  await connected(options.admin, adminServer, async (transport) => {
    const admin = createAdminClient(transport);
    print(await findInvocations(admin, options, options.limit), options);
    while (options.watch === true) {
      await sleep(watchIntervalMs);
      const found = await findInvocations(admin, options, options.limit);
      process.stdout.write(process.stdout.isTTY ? "\x1b[2J\x1b[H" : "\n");
      print(found, options);
    }
  });
}

function print({ invocations, hasMore }: FoundInvocations, { json, limit }: ListOptions): void {
  if (json === true) {
    const values = invocations.map((invocation) => toJson(InvocationSchema, invocation));
    process.stdout.write(`${JSON.stringify(values, null, 2)}\n`);
    return;
  }
  if (invocations.length === 0) {
    process.stdout.write("no invocations\n");
    return;
  }
  const rows = invocations.map((invocation) => [
    invocation.id,
    targetText(invocation, maxKey),
    stateName(invocation.state),
    String(invocation.attempts),
    timeText(invocation.createdAt),
    failureText(invocation),
  ]);
  process.stdout.write(table(["ID", "TARGET", "STATE", "ATTEMPTS", "CREATED", "LAST FAILURE"], rows));
  if (hasMore) {
    process.stdout.write(`the newest ${limit} are shown: see more with --limit\n`);
  }
}
