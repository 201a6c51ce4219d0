import { Code, ConnectError } from "@connectrpc/connect";
import type { ComponentChildren } from "preact";

/** Says that there is nothing to show, and what to do about it. */
export function EmptyNote({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="note empty">
      <strong>{title}</strong>
      <div>{children}</div>
    </div>
  );
}

/** Shown while something loads. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <p class="note loading" role="status">
      Loading {what}…
    </p>
  );
}

/** Says what failed, and offers to try again. */
export function ErrorNote({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const { code, rawMessage } = ConnectError.from(error);
  return (
    <div class="note error" role="alert">
      <strong>{Code[code]?.replace(/(?!^)([A-Z])/g, " $1").toLowerCase() ?? "error"}</strong>
      <div>{rawMessage}</div>
      {retry === undefined ? null : (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}
