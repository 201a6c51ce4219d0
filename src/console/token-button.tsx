import { useRef } from "preact/hooks";
import { useServer } from "./server.ts";
import { setToken, useToken } from "./token.ts";
import { Icon } from "./ui/icon.tsx";

/** Asks for the bearer token where the ingress authenticates its callers. */
export function TokenButton() {
  const { data } = useServer();
  const token = useToken();
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  if (data?.authenticates !== true) {
    return null;
  }
  return (
    <>
      <button type="button" class="quiet" onClick={() => dialog.current?.showModal()}>
        <Icon name="key" />
        <span>{token === "" ? "Enter a token" : "Token is set"}</span>
      </button>
      <dialog ref={dialog} aria-labelledby="token-title">
        <form
          method="dialog"
          onSubmit={() => {
            setToken(input.current?.value ?? "");
          }}
        >
          <h2 id="token-title">Bearer token</h2>
          <p>
            The ingress authenticates its callers. Calls from this page carry the token in their header
            “authorization”. The page keeps it in memory only: reloading forgets it.
          </p>
          <label class="field">
            <span>Token</span>
            <input ref={input} type="password" autocomplete="off" spellcheck={false} />
          </label>
          <div class="actions">
            <button type="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
            <button type="submit" class="primary">
              Use the token
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}
