import { setTimeout as sleep } from "node:timers/promises";
import { toJson } from "@bufbuild/protobuf";
import { type AdminClient, createAdminClient } from "../../../generated/restateconnect/v1/admin_restate.ts";
import { type Invocation, InvocationSchema } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import { adminServer, connected } from "../connection.ts";
import { type FilterOptions, findInvocations, totalBeyond } from "./query.ts";
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
    await printFound(admin, options);
    while (options.watch === true) {
      await sleep(watchIntervalMs);
      await printFound(admin, options, process.stdout.isTTY ? "\x1b[2J\x1b[H" : "\n");
    }
  });
}

/** What was left out goes to standard error, so that it is neither in JSON nor in a table for another command. */
async function printFound(admin: AdminClient, options: ListOptions, before = ""): Promise<void> {
  const found = await findInvocations(admin, options, options.limit);
  const total = await totalBeyond(admin, options, found);
  process.stdout.write(before);
  process.stdout.write(options.json === true ? asJson(found.invocations) : asTable(found.invocations));
  if (total !== undefined) {
    const shown = found.invocations.length.toLocaleString("en-US");
    process.stderr.write(
      `the newest ${shown} of ${total}: see more with --limit, or select with --service, --state, --older-than\n`,
    );
  }
}

function asJson(invocations: readonly Invocation[]): string {
  const values = invocations.map((invocation) => toJson(InvocationSchema, invocation));
  return `${JSON.stringify(values, null, 2)}\n`;
}

function asTable(invocations: readonly Invocation[]): string {
  if (invocations.length === 0) {
    return "no invocations\n";
  }
  const rows = invocations.map((invocation) => [
    invocation.id,
    targetText(invocation, maxKey),
    stateName(invocation.state),
    String(invocation.attempts),
    timeText(invocation.createdAt),
    failureText(invocation),
  ]);
  return table(["ID", "TARGET", "STATE", "ATTEMPTS", "CREATED", "LAST FAILURE"], rows);
}
