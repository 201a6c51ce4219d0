import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { useState } from "preact/hooks";
import { createAwakeablesClient } from "../../../generated/dev/restate/services_restate.ts";
import { adminTransport } from "../server.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { ErrorNote } from "../ui/notes.tsx";

const awakeables = createAwakeablesClient(adminTransport);

/** Resolves or rejects an awakeable that is known by its id. */
export function ResolveAwakeableButton() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Complete an awakeable…
      </button>
      {isOpen ? <AwakeableDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}

interface AwakeableDialogProps {
  /** Undefined: the dialog asks for it. */
  readonly id?: string;
  readonly onClose: () => void;
}

/** Asks for the value of an awakeable, or for the reason to reject it. */
export function AwakeableDialog({ id: known = "", onClose }: AwakeableDialogProps) {
  const [id, setId] = useState(known);
  const [isRejection, setRejection] = useState(false);
  const [text, setText] = useState("");
  const [failure, setFailure] = useState<unknown>();

  async function complete(): Promise<void> {
    try {
      if (isRejection) {
        await awakeables.reject({ id, reason: text });
      } else {
        await awakeables.resolve({ id, result: { case: "jsonResult", value: jsonValue(text) } });
      }
      onClose();
    } catch (reason) {
      setFailure(reason);
    }
  }
  return (
    <ConfirmDialog
      title="Complete an awakeable"
      action={isRejection ? "Reject" : "Resolve"}
      isDisabled={id === ""}
      onConfirm={() => void complete()}
      onClose={onClose}
    >
      <p>
        The first completion wins. The handler that waits goes on with the value, or sees a terminal error.
      </p>
      <label class="field">
        <span>Id</span>
        <input
          class="mono"
          value={id}
          readOnly={known !== ""}
          onInput={(event) => setId(event.currentTarget.value.trim())}
        />
      </label>
      <fieldset class="segmented">
        <legend>Completion</legend>
        <label>
          <input type="radio" name="completion" checked={!isRejection} onChange={() => setRejection(false)} />
          <span>Resolve</span>
        </label>
        <label>
          <input type="radio" name="completion" checked={isRejection} onChange={() => setRejection(true)} />
          <span>Reject</span>
        </label>
      </fieldset>
      <label class="field">
        <span>{isRejection ? "Reason" : "Value, as JSON"}</span>
        <textarea
          rows={4}
          spellcheck={false}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      {failure === undefined ? null : <ErrorNote error={failure} />}
    </ConfirmDialog>
  );
}

function jsonValue(text: string) {
  try {
    return fromJson(ValueSchema, JSON.parse(text) as JsonValue);
  } catch (cause) {
    throw new Error('The value is not JSON: write {"a": 1}, "text", 5, true or null', { cause });
  }
}
