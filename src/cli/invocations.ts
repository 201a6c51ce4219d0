import { parseArgs } from "node:util";
import { create, type JsonValue, type MessageInitShape, toJson } from "@bufbuild/protobuf";
import { durationFromMs, type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import type { ListInvocationsRequestSchema } from "../../generated/restateconnect/v1/admin_pb.ts";
import { type AdminClient, createAdminClient } from "../../generated/restateconnect/v1/admin_restate.ts";
import {
  type Invocation,
  InvocationSchema,
  InvocationState,
} from "../../generated/restateconnect/v1/invocations_pb.ts";
import type { Command } from "./command.ts";
import { type Counterpart, connected } from "./connection.ts";
import { parseDuration } from "./duration.ts";
import { table } from "./table.ts";
import { UsageError } from "./usage-error.ts";

const help = `Usage: restate-connect invocations <list|get|cancel|kill|purge> [id ...] [options]

  list          lists invocations, the newest first
  get <id>      tells where it stands
  cancel <id>   asks to stop: a running handler sees its signal abort, a waiting one never runs
  kill <id>     ends it at once, without waiting for its handler
  purge <id>    forgets an ended one and its outcome

Options:
  --admin <url>        admin API (default http://127.0.0.1:9070)
  --service <name>     list: only this service
  --method <name>      list: only this method
  --key <key>          list: only this object key
  --state <state>      list: only this state; may repeat (scheduled, pending, running, backing-off,
                       succeeded, failed)
  --older-than <time>  list: only those created at least this long ago (10s, 5m, 2h, 1d)
  --limit <n>          list: at most this many (default 100)
  --json               JSON for scripts: always an array, one element an invocation
  --help               this text
`;

export const command: Command = { help, run: invocations };

const adminApi: Counterpart = {
  doubtful: [Code.Unimplemented],
  hint: "--admin takes the URL of the admin API of restate-connect serve: port 9070 unless told otherwise",
};

/** How the command line spells a state: `backing-off` for INVOCATION_STATE_BACKING_OFF. */
const stateNames: ReadonlyMap<InvocationState, string> = new Map([
  [InvocationState.SCHEDULED, "scheduled"],
  [InvocationState.PENDING, "pending"],
  [InvocationState.RUNNING, "running"],
  [InvocationState.BACKING_OFF, "backing-off"],
  [InvocationState.SUCCEEDED, "succeeded"],
  [InvocationState.FAILED, "failed"],
]);

async function invocations(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      admin: { type: "string", default: "http://127.0.0.1:9070" },
      service: { type: "string" },
      method: { type: "string" },
      key: { type: "string" },
      state: { type: "string", multiple: true },
      "older-than": { type: "string" },
      limit: { type: "string", default: "100" },
      json: { type: "boolean", default: false },
    },
  });
  const [action, ...ids] = positionals;
  if (action === "list") {
    const query: MessageInitShape<typeof ListInvocationsRequestSchema> = {
      ...(values.service === undefined ? {} : { service: values.service }),
      ...(values.method === undefined ? {} : { method: values.method }),
      ...(values.key === undefined ? {} : { key: values.key }),
      states: (values.state ?? []).map(parseState),
      ...(values["older-than"] === undefined
        ? {}
        : { minAge: durationFromMs(parseDuration("--older-than", values["older-than"])) }),
    };
    const found = await connected(values.admin, adminApi, (transport) =>
      listAll(createAdminClient(transport), query, parseLimit(values.limit)),
    );
    print(found, values.json);
    return 0;
  }
  if (action === undefined || !isAction(action)) {
    throw new UsageError(
      `invocations takes list, get, cancel, kill or purge (see restate-connect invocations --help)`,
    );
  }
  if (ids.length === 0) {
    throw new UsageError(
      `invocations ${action} takes the id of an invocation: restate-connect invocations ${action} inv_1...`,
    );
  }
  await connected(values.admin, adminApi, async (transport) => {
    const admin = createAdminClient(transport);
    const told: Told[] = [];
    try {
      for (const id of ids) {
        told.push(await actions[action](admin, id));
      }
    } finally {
      // Also when one fails: what was done to those before it is done.
      process.stdout.write(
        values.json
          ? jsonText(told.map(({ json }) => json))
          : told.map(({ text }) => text).join(action === "get" ? "\n" : ""),
      );
    }
  });
  return 0;
}

/** What is printed of one invocation: for scripts, or for people. */
interface Told {
  readonly json: JsonValue;
  readonly text: string;
}

const actions = {
  async get(admin: AdminClient, id: string): Promise<Told> {
    const { invocation = create(InvocationSchema) } = await admin.getInvocation({ id });
    return { json: toJson(InvocationSchema, invocation), text: describe(invocation) };
  },
  async cancel(admin: AdminClient, id: string): Promise<Told> {
    await admin.cancelInvocation({ id });
    return { json: { id, status: "cancelling" }, text: `${id} is being cancelled\n` };
  },
  async kill(admin: AdminClient, id: string): Promise<Told> {
    await admin.killInvocation({ id });
    return { json: { id, status: "killed" }, text: `${id} is killed\n` };
  },
  async purge(admin: AdminClient, id: string): Promise<Told> {
    await admin.purgeInvocation({ id });
    return { json: { id, status: "purged" }, text: `${id} is purged\n` };
  },
};

function jsonText(values: readonly JsonValue[]): string {
  return `${JSON.stringify(values, null, 2)}\n`;
}

function isAction(action: string): action is keyof typeof actions {
  return Object.hasOwn(actions, action);
}

/** Pages through until there are no more, or enough. */
async function listAll(
  admin: AdminClient,
  query: MessageInitShape<typeof ListInvocationsRequestSchema>,
  limit: number,
): Promise<readonly Invocation[]> {
  const found: Invocation[] = [];
  let pageToken = "";
  do {
    const pageSize = Math.min(limit - found.length, 1_000);
    const page = await admin.listInvocations({ ...query, pageSize, pageToken });
    found.push(...page.invocations);
    pageToken = page.nextPageToken;
  } while (pageToken !== "" && found.length < limit);
  return found;
}

function parseLimit(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) {
    throw new UsageError(`--limit ${JSON.stringify(text)} is no number of invocations: use 1 or more`);
  }
  return Number(text);
}

function parseState(name: string): InvocationState {
  for (const [state, known] of stateNames) {
    if (known === name) {
      return state;
    }
  }
  throw new UsageError(
    `--state ${JSON.stringify(name)} is no state: use ${[...stateNames.values()].join(", ")}`,
  );
}

function print(found: readonly Invocation[], json: boolean): void {
  if (json) {
    process.stdout.write(jsonText(found.map((one) => toJson(InvocationSchema, one))));
    return;
  }
  if (found.length === 0) {
    process.stdout.write("no invocations\n");
    return;
  }
  const rows = found.map((one) => [
    one.id,
    targetText(one),
    stateNames.get(one.state) ?? "unknown",
    String(one.attempts),
    timeText(one.createdAt),
    failureText(one),
  ]);
  process.stdout.write(table(["ID", "TARGET", "STATE", "ATTEMPTS", "CREATED", "LAST FAILURE"], rows));
}

function describe(one: Invocation): string {
  const lines: readonly (readonly [string, string])[] = [
    ["id", one.id],
    ["target", targetText(one)],
    ["state", stateNames.get(one.state) ?? "unknown"],
    ["attempts", String(one.attempts)],
    ["created", timeText(one.createdAt)],
    ["modified", timeText(one.modifiedAt)],
    ["next attempt", timeText(one.nextAttemptAt)],
    ["completed", timeText(one.completedAt)],
    ["kept until", timeText(one.expiresAt)],
    ["last failure", failureText(one)],
    ["invoked by", one.invokedBy ?? ""],
  ];
  return lines
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name.padEnd(14)}${value}\n`)
    .join("");
}

function targetText({ service, method, key }: Invocation): string {
  return key === undefined || key === "" ? `${service}/${method}` : `${service}[${key}]/${method}`;
}

function timeText(time: Timestamp | undefined): string {
  return time === undefined ? "" : timestampDate(time).toISOString();
}

function failureText({ lastFailure }: Invocation): string {
  return lastFailure === undefined ? "" : `[${lastFailure.code}] ${lastFailure.message}`;
}
