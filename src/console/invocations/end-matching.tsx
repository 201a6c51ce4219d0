import { useEffect, useRef, useState } from "preact/hooks";
import { EndMode } from "../../../generated/restateconnect/v1/admin_pb.ts";
import { admin } from "../server.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { formatCount } from "../ui/format.ts";
import { ErrorNote } from "../ui/notes.tsx";
import { type EndAction, endableBy, type Filter, filterMessage } from "./filter.ts";

export const endModes = {
  cancel: EndMode.CANCEL,
  kill: EndMode.KILL,
  purge: EndMode.PURGE,
} as const satisfies Record<EndAction, EndMode>;

/** What the actions are called, and what they do. */
export const endActions = {
  cancel: {
    title: "Cancel",
    done: "cancelled",
    effect: "Running handlers see their signal abort; waiting ones never run.",
  },
  kill: { title: "Kill", done: "killed", effect: "They end at once, without waiting for their handlers." },
  purge: { title: "Purge", done: "purged", effect: "They and their outcomes are deleted for good." },
} as const satisfies Record<EndAction, object>;

interface EndMatchingProps {
  readonly filter: Filter;
  readonly onEnded: () => void;
}

/** Cancels, kills or purges all that the filter matches. */
export function EndMatching({ filter, onEnded }: EndMatchingProps) {
  const [action, setAction] = useState<EndAction>();
  return (
    <div class="end-matching">
      <span class="muted">All that match the filter:</span>
      {(["cancel", "kill", "purge"] as const).map((name) => (
        <button
          type="button"
          class="danger"
          key={name}
          disabled={endableBy(filter, name) === undefined}
          onClick={() => setAction(name)}
        >
          {endActions[name].title}…
        </button>
      ))}
      {action === undefined ? null : (
        <EndDialog
          action={action}
          filter={endableBy(filter, action) ?? filter}
          onClose={() => {
            setAction(undefined);
            onEnded();
          }}
        />
      )}
    </div>
  );
}

type Progress =
  | { readonly step: "counting"; readonly count: number }
  | { readonly step: "counted"; readonly count: number }
  | { readonly step: "ending"; readonly count: number; readonly ended: number }
  | { readonly step: "ended"; readonly ended: number; readonly skipped: number }
  | { readonly step: "failed"; readonly error: unknown };

interface EndDialogProps {
  readonly action: EndAction;
  readonly filter: Filter;
  readonly onClose: () => void;
}

function EndDialog({ action, filter, onClose }: EndDialogProps) {
  const [progress, setProgress] = useState<Progress>({ step: "counting", count: 0 });
  const controller = useRef(new AbortController());
  const { title, done, effect } = endActions[action];
  // The filter of the moment when the dialog opened: the page below goes on.
  const chosen = useRef(filter).current;

  const guarded = (work: () => Promise<void>): void => {
    const { signal } = controller.current;
    work().catch((error: unknown) => (signal.aborted ? undefined : setProgress({ step: "failed", error })));
  };
  useEffect(() => {
    guarded(() => count(chosen, controller.current.signal, setProgress));
    return () => controller.current.abort();
  }, []);

  const isReady = progress.step === "counted" && progress.count > 0;
  return (
    <ConfirmDialog
      title={`${title} invocations`}
      action={isReady ? `${title} ${formatCount(progress.count)}` : title}
      isDangerous
      isDisabled={!isReady}
      onConfirm={() =>
        guarded(() =>
          endAll(
            chosen,
            action,
            "count" in progress ? progress.count : 0,
            controller.current.signal,
            setProgress,
          ),
        )
      }
      onClose={onClose}
    >
      <p>{effect}</p>
      <div role="status">{sentence(progress, done)}</div>
      {progress.step === "failed" ? <ErrorNote error={progress.error} /> : null}
    </ConfirmDialog>
  );
}

function sentence(progress: Progress, done: string): string {
  switch (progress.step) {
    case "counting":
      return `Counting: ${formatCount(progress.count)} so far…`;
    case "counted":
      return progress.count === 1
        ? "1 invocation matches."
        : `${formatCount(progress.count)} invocations match.`;
    case "ending":
      return `${formatCount(progress.ended)} of ${formatCount(progress.count)} ${done}…`;
    case "ended":
      return `${formatCount(progress.ended)} ${done}${progress.skipped === 0 ? "" : `, ${formatCount(progress.skipped)} had changed meanwhile`}.`;
    case "failed":
      return "";
  }
}

type Report = (progress: Progress) => void;

async function count(filter: Filter, signal: AbortSignal, report: Report): Promise<void> {
  let sum = 0;
  let pageToken = "";
  do {
    const page = await admin.countMatchingInvocations(
      { filter: { ...filterMessage(filter), pageToken } },
      { signal },
    );
    sum += page.count;
    pageToken = page.nextPageToken;
    report({ step: pageToken === "" ? "counted" : "counting", count: sum });
  } while (pageToken !== "");
}

async function endAll(
  filter: Filter,
  action: EndAction,
  expected: number,
  signal: AbortSignal,
  report: Report,
): Promise<void> {
  let ended = 0;
  let skipped = 0;
  let pageToken = "";
  report({ step: "ending", count: expected, ended });
  do {
    const page = await admin.endInvocations(
      { filter: { ...filterMessage(filter), pageSize: 500, pageToken }, mode: endModes[action] },
      { signal },
    );
    ended += page.ended;
    skipped += page.skipped;
    pageToken = page.nextPageToken;
    report({ step: "ending", count: expected, ended });
  } while (pageToken !== "");
  report({ step: "ended", ended, skipped });
}
