import { fromJsonString, type Registry, toJsonString } from "@bufbuild/protobuf";
import type { MessageFormat } from "./message-format.ts";

/** What JSON needs besides the schema. */
export interface JsonOptions {
  /** Messages that may be inside a `google.protobuf.Any`. Default: none. */
  readonly registry?: Registry | undefined;
  /** Fields that the schema does not have. Default: `refuse`. */
  readonly unknownFields?: "refuse" | "ignore" | undefined;
  /** Fields without a value. Default: `omit`. `write` is for readers that do not know their defaults. */
  readonly defaults?: "omit" | "write" | undefined;
}

/** JSON in UTF-8, as Protobuf defines it. */
export function jsonFormat({ registry, unknownFields, defaults }: JsonOptions = {}): MessageFormat {
  const known = registry === undefined ? undefined : { registry };
  const readOptions = { ...known, ignoreUnknownFields: unknownFields === "ignore" };
  const writeOptions = { ...known, alwaysEmitImplicit: defaults === "write" };
  return {
    name: "json",
    write: (schema, message) => new TextEncoder().encode(toJsonString(schema, message, writeOptions)),
    read: (schema, bytes) => fromJsonString(schema, new TextDecoder().decode(bytes), readOptions),
  };
}
