import { useState } from "preact/hooks";
import { Menu } from "../ui/menu.tsx";
import type { PastRequest } from "./history.ts";
import type { TryForm } from "./try-request.ts";

interface HistoryMenuProps {
  readonly requests: () => readonly PastRequest[];
  readonly onChoose: (form: TryForm) => void;
}

/** The requests that were made of the method in this browser. A choice fills the form. */
export function HistoryMenu({ requests, onChoose }: HistoryMenuProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Menu title="History" isOpen={isOpen} onToggle={setOpen}>
      {() => {
        const list = requests();
        return list.length === 0 ? (
          <p class="muted">No requests yet. The history stays in this browser.</p>
        ) : (
          <ul class="history">
            {list.map((request) => (
              <li key={request.at}>
                <button
                  type="button"
                  onClick={() => {
                    setOpen(false);
                    onChoose(request.form);
                  }}
                >
                  <span class="muted">
                    {new Date(request.at).toLocaleString()} · {request.form.mode} · {request.code}
                  </span>
                  <code>{request.form.json.replace(/\s+/g, " ")}</code>
                </button>
              </li>
            ))}
          </ul>
        );
      }}
    </Menu>
  );
}
