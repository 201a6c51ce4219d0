import type { DescEnum, DescField, DescMessage } from "@bufbuild/protobuf";
import { useState } from "preact/hooks";
import { keyFields } from "../../model/key-field.ts";
import { commentOf } from "../comments.ts";
import { fieldType, typeOfField } from "./field-type.ts";

interface MessageTypeProps {
  readonly message: DescMessage;
  /** Whether its fields are shown at first. */
  readonly isOpen?: boolean;
}

/** A message with its fields, whose types open in place. */
export function MessageType({ message, isOpen = false }: MessageTypeProps) {
  return (
    <Type name={message.typeName} comment={commentOf(message)} isOpen={isOpen}>
      {() =>
        message.fields.length === 0 ? (
          <p class="muted">No fields.</p>
        ) : (
          <ul class="fields">
            {message.fields.map((field) => (
              <Field key={field.number} field={field} isKey={keyFields(message).includes(field)} />
            ))}
          </ul>
        )
      }
    </Type>
  );
}

function EnumType({ type }: { readonly type: DescEnum }) {
  return (
    <Type name={type.typeName} comment={commentOf(type)} isOpen={false}>
      {() => (
        <ul class="fields">
          {type.values.map((value) => (
            <li key={value.name}>
              <code>{value.name}</code> <span class="muted">= {value.number}</span>
              <Comment text={commentOf(value)} />
            </li>
          ))}
        </ul>
      )}
    </Type>
  );
}

function Field({ field, isKey }: { readonly field: DescField; readonly isKey: boolean }) {
  const type = typeOfField(field);
  return (
    <li>
      <code>{field.jsonName}</code> <span class="type">{fieldType(field)}</span>
      {field.oneof === undefined ? null : <span class="badge">one of {field.oneof.name}</span>}
      {isKey ? <span class="badge key">key</span> : null}
      {field.deprecated ? <span class="badge">deprecated</span> : null}
      <Comment text={commentOf(field)} />
      {type?.kind === "message" ? <MessageType message={type} /> : null}
      {type?.kind === "enum" ? <EnumType type={type} /> : null}
    </li>
  );
}

interface TypeProps {
  readonly name: string;
  readonly comment: string;
  readonly isOpen: boolean;
  /** Called when it is open only: types may contain themselves. */
  readonly children: () => preact.ComponentChildren;
}

function Type({ name, comment, isOpen, children }: TypeProps) {
  const [open, setOpen] = useState(isOpen);
  return (
    <details class="type-details" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <code>{name}</code>
      </summary>
      <Comment text={comment} />
      {open ? children() : null}
    </details>
  );
}

function Comment({ text }: { readonly text: string }) {
  return text === "" ? null : <p class="comment">{text}</p>;
}
