import { useState } from "preact/hooks";
import type { Invocation } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import { linkTo } from "../route.ts";
import { admin } from "../server.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { ErrorNote } from "../ui/notes.tsx";
import { endActions } from "./end-matching.tsx";
import { canBeEnded, type EndAction, stateName } from "./filter.ts";

interface InvocationActionsProps {
  readonly invocation: Invocation;
  readonly onEnded: () => void;
}

const effects = {
  cancel: "A running handler sees its signal abort; a waiting invocation never runs.",
  kill: "The invocation ends at once, without waiting for its handler.",
  purge: "The invocation and its outcome are deleted for good.",
} as const satisfies Record<EndAction, string>;

/** Cancels, kills or purges one invocation. */
export function InvocationActions({ invocation, onEnded }: InvocationActionsProps) {
  const [action, setAction] = useState<EndAction>();
  const [failure, setFailure] = useState<unknown>();
  const { id, state } = invocation;
  const close = (): void => {
    setAction(undefined);
    setFailure(undefined);
  };
  async function end(chosen: EndAction): Promise<void> {
    try {
      await endOne(id, chosen);
      close();
      if (chosen === "purge") {
        window.location.hash = linkTo(["invocations"]);
      } else {
        onEnded();
      }
    } catch (reason) {
      setFailure(reason);
    }
  }
  return (
    <div class="end">
      {(["cancel", "kill", "purge"] as const)
        .filter((name) => canBeEnded(stateName(state), name))
        .map((name) => (
          <button type="button" class="danger" key={name} onClick={() => setAction(name)}>
            {endActions[name].title}…
          </button>
        ))}
      {action === undefined ? null : (
        <ConfirmDialog
          title={`${endActions[action].title} 1 invocation`}
          action={endActions[action].title}
          isDangerous
          onConfirm={() => void end(action)}
          onClose={close}
        >
          <p class="mono wrap">{id}</p>
          <p>{effects[action]}</p>
          {failure === undefined ? null : <ErrorNote error={failure} />}
        </ConfirmDialog>
      )}
    </div>
  );
}

async function endOne(id: string, action: EndAction): Promise<void> {
  switch (action) {
    case "cancel":
      await admin.cancelInvocation({ id });
      break;
    case "kill":
      await admin.killInvocation({ id });
      break;
    case "purge":
      await admin.purgeInvocation({ id });
      break;
  }
}
