import { create, toJson } from "@bufbuild/protobuf";
import { createAdminClient } from "../../../generated/restateconnect/v1/admin_restate.ts";
import { type Invocation, InvocationSchema } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import { escapeControls } from "../../model/excerpt.ts";
import { adminServer, connected } from "../connection.ts";
import { failureText, stateName, targetText, timeText } from "./text.ts";

/** The options of `restate-connect invocations get`. */
export interface GetOptions {
  readonly admin: string;
  readonly json?: true | undefined;
}

/** Shows the status of invocations. Those before one that fails are shown too. */
export async function get(ids: readonly string[], { admin: url, json }: GetOptions): Promise<void> {
  await connected(url, adminServer, async (transport) => {
    const admin = createAdminClient(transport);
    const found: Invocation[] = [];
    try {
      for (const id of ids) {
        const { invocation = create(InvocationSchema) } = await admin.getInvocation({ id });
        found.push(invocation);
      }
    } finally {
      const values = found.map((invocation) => toJson(InvocationSchema, invocation));
      process.stdout.write(
        json === true ? `${JSON.stringify(values, null, 2)}\n` : found.map(describe).join("\n"),
      );
    }
  });
}

function describe(invocation: Invocation): string {
  const lines: readonly (readonly [string, string])[] = [
    ["id", invocation.id],
    ["target", targetText(invocation)],
    ["state", stateName(invocation.state)],
    ["attempts", String(invocation.attempts)],
    ["created", timeText(invocation.createdAt)],
    ["modified", timeText(invocation.modifiedAt)],
    ["next attempt", timeText(invocation.nextAttemptAt)],
    ["completed", timeText(invocation.completedAt)],
    ["kept until", timeText(invocation.expiresAt)],
    ["last failure", failureText(invocation)],
    ["invoked by", invocation.invokedBy ?? ""],
  ];
  return lines
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name.padEnd(14)}${escapeControls(value)}\n`)
    .join("");
}
