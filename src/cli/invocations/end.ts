import { createInterface } from "node:readline/promises";
import { type AdminClient, createAdminClient } from "../../../generated/restateconnect/v1/admin_restate.ts";
import { InvocationState } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import { adminServer, connected } from "../connection.ts";
import { UsageError } from "../usage-error.ts";
import { type FilterOptions, findInvocations, isFilter } from "./query.ts";

/** What can be done to invocations. */
export type Action = "cancel" | "kill" | "purge";

/** The options of `restate-connect invocations cancel`, `kill` and `purge`. */
export interface EndOptions extends FilterOptions {
  readonly admin: string;
  readonly yes?: true | undefined;
  readonly json?: true | undefined;
}

const actions = {
  cancel: {
    run: (admin: AdminClient, id: string) => admin.cancelInvocation({ id }),
    status: "cancelling",
    text: "is being cancelled",
  },
  kill: {
    run: (admin: AdminClient, id: string) => admin.killInvocation({ id }),
    status: "killed",
    text: "is killed",
  },
  purge: {
    run: (admin: AdminClient, id: string) => admin.purgeInvocation({ id }),
    status: "purged",
    text: "is purged",
  },
} as const;

/** States in which an invocation has ended. */
const ended: ReadonlySet<InvocationState> = new Set([InvocationState.SUCCEEDED, InvocationState.FAILED]);

/**
 * Cancels, kills or purges invocations, by id or those that the options select.
 *
 * @throws UsageError when neither ids nor a filter are given, or when nobody confirms a selection.
 */
export async function end(action: Action, ids: readonly string[], options: EndOptions): Promise<void> {
  if (ids.length === 0 && !isFilter(options)) {
    throw new UsageError(
      `invocations ${action} takes ids or a filter: restate-connect invocations ${action} inv_1..., ` +
        `or restate-connect invocations ${action} --service org.example.Greeter`,
    );
  }
  if (ids.length > 0 && isFilter(options)) {
    throw new UsageError(`invocations ${action} takes ids or a filter, not both`);
  }
  await connected(options.admin, adminServer, async (transport) => {
    const admin = createAdminClient(transport);
    const chosen = ids.length > 0 ? ids : await select(admin, action, options);
    const done: string[] = [];
    const { run, status, text } = actions[action];
    try {
      for (const id of chosen) {
        await run(admin, id);
        done.push(id);
      }
    } finally {
      // Printed when one fails too: what was done before it is done.
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify(
              done.map((id) => ({ id, status })),
              null,
              2,
            )}\n`
          : done.map((id) => `${id} ${text}\n`).join(""),
      );
    }
  });
}

/** The ids that the options select, once the user has confirmed their number. */
async function select(admin: AdminClient, action: Action, options: EndOptions): Promise<readonly string[]> {
  const { invocations } = await findInvocations(admin, options, Number.MAX_SAFE_INTEGER);
  const ids = invocations
    .filter(({ state }) => ended.has(state) === (action === "purge"))
    .map(({ id }) => id);
  if (ids.length === 0 || options.yes === true) {
    return ids;
  }
  const count = `${ids.length} invocation${ids.length === 1 ? "" : "s"}`;
  if (!process.stdin.isTTY) {
    throw new UsageError(`${count} would be affected by ${action}: add --yes to go on`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${action} ${count}? [y/N] `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) {
    throw new UsageError(`nothing was done`);
  }
  return ids;
}
