import type { DescMethodUnary } from "@bufbuild/protobuf";
import { handlerKind } from "../../model/handler-kind.ts";
import { serviceKind } from "../../model/service-kind.ts";
import { hasKeyBeside, type TryForm, type TryProtocol } from "./try-request.ts";

const protocols: readonly (readonly [TryProtocol, string])[] = [
  ["connect-json", "Connect, JSON"],
  ["connect", "Connect, binary"],
  ["grpc-web", "gRPC-web"],
];

interface RequestOptionsProps {
  readonly method: DescMethodUnary;
  readonly form: TryForm;
  readonly onChange: (change: Partial<TryForm>) => void;
}

/** How to make the request, besides its message. */
export function RequestOptions({ method, form, onChange }: RequestOptionsProps) {
  const isRun = handlerKind(method) === "run";
  const isSend = form.mode === "send";
  return (
    <div class="request-options">
      <fieldset class="segmented">
        <legend>Mode</legend>
        {(["call", "send"] as const).map((mode) => (
          <label key={mode}>
            <input
              type="radio"
              name="mode"
              checked={form.mode === mode}
              disabled={isRun && mode === "call"}
              onChange={() => onChange({ mode })}
            />
            <span>{mode === "call" ? "Call" : "Send"}</span>
          </label>
        ))}
      </fieldset>
      <label class="field">
        <span>Protocol</span>
        <select
          value={form.protocol}
          onChange={(event) => onChange({ protocol: event.currentTarget.value as TryProtocol })}
        >
          {protocols.map(([protocol, title]) => (
            <option key={protocol} value={protocol}>
              {title}
            </option>
          ))}
        </select>
      </label>
      {hasKeyBeside(method) ? (
        <TextField
          label={serviceKind(method.parent) === "workflow" ? "Workflow id" : "Key"}
          value={form.key}
          onInput={(key) => onChange({ key })}
        />
      ) : null}
      {isRun ? null : (
        <TextField
          label="Idempotency key"
          value={form.idempotencyKey}
          placeholder="none"
          onInput={(idempotencyKey) => onChange({ idempotencyKey })}
        />
      )}
      {isSend ? (
        <TextField
          label="Delay, seconds"
          value={form.delay}
          placeholder="0"
          isNumber
          onInput={(delay) => onChange({ delay })}
        />
      ) : null}
      <TextField
        label="Deadline, seconds"
        value={form.deadline}
        placeholder="none"
        isNumber
        onInput={(deadline) => onChange({ deadline })}
      />
      <label class="field wide">
        <span>Headers, one a line</span>
        <textarea
          rows={2}
          spellcheck={false}
          placeholder="name: value"
          value={form.headers}
          onInput={(event) => onChange({ headers: event.currentTarget.value })}
        />
      </label>
    </div>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly isNumber?: boolean;
  readonly onInput: (value: string) => void;
}

function TextField({ label, value, placeholder = "", isNumber = false, onInput }: TextFieldProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        value={value}
        placeholder={placeholder}
        spellcheck={false}
        autocomplete="off"
        {...(isNumber ? { inputMode: "decimal" as const } : {})}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </label>
  );
}
