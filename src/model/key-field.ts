import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { enumOption, optionNumbers, optionValues } from "./enum-option.ts";
import { perDescriptor } from "./per-descriptor.ts";

/** Fields that carry `[(dev.restate.ext.field) = KEY]`, in the order of the message. */
export function keyFields(message: DescMessage): DescField[] {
  return message.fields.filter((field) => enumOption(field, optionNumbers.field) === optionValues.key);
}

/** True for the one kind of field that can hold a key: a singular string (Restate 0.6 and later). */
export function canHoldKey(field: DescField): boolean {
  return field.fieldKind === "scalar" && field.scalar === ScalarType.STRING;
}

/**
 * The field of a KEYED service's request that names the object.
 *
 * @throws Error when the message has no such field. The generator refuses such a service, so only a
 *   descriptor from elsewhere gets here.
 */
export const keyField: (message: DescMessage) => DescField = /*@__PURE__*/ perDescriptor((message) => {
  const field = keyFields(message).find(canHoldKey);
  if (field === undefined) {
    throw new Error(
      `${message.typeName} is the request of a KEYED service and has no KEY field of type string`,
    );
  }
  return field;
});
