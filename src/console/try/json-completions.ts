import { type DescField, ScalarType } from "@bufbuild/protobuf";
import type { SyntaxNode, Tree } from "@lezer/common";
import { commentOf } from "../comments.ts";
import { fieldType } from "../services/field-type.ts";
import { fieldByJsonName, fieldShape, type JsonShape } from "./json-shape.ts";
import { sampleOf } from "./sample.ts";

/** What could stand at a place in a JSON text. */
export interface JsonCompletions {
  /** The part of the text that a choice replaces. */
  readonly from: number;
  readonly to: number;
  readonly choices: readonly JsonChoice[];
}

export interface JsonChoice {
  readonly label: string;
  /** The text to put in. */
  readonly text: string;
  readonly detail: string;
  readonly info: string;
}

/** Proposes fields, enum values and the like at a position of the text. Undefined: nothing fits there. */
export function jsonCompletions(
  tree: Tree,
  text: string,
  position: number,
  shape: JsonShape,
): JsonCompletions | undefined {
  const node = tree.resolveInner(position, -1);
  if (node.name === "PropertyName") {
    const object = node.parent?.parent;
    return object?.name === "Object" ? fieldsOf(object, node) : undefined;
  }
  if (node.name === "String" || node.name === "Number" || node.name === "True" || node.name === "False") {
    return valuesOf(shapeOf(node), node.from, node.to);
  }
  if (node.name === "Property") {
    // Behind the colon, with nothing there yet.
    return text.slice(node.from, position).includes(":")
      ? valuesOf(valueShape(node), position, position)
      : undefined;
  }
  if (node.name === "Object" || node.parent?.name === "Object") {
    const object = node.name === "Object" ? node : node.parent;
    return object === null || position === object.to ? undefined : fieldsOf(object, undefined);
  }
  const list = node.name === "Array" ? node : node.parent;
  if (list?.name === "Array" && position < list.to) {
    const array = shapeOf(list);
    return array?.kind === "list" ? valuesOf(array.item, position, position) : undefined;
  }
  return undefined;

  function fieldsOf(object: SyntaxNode, name: SyntaxNode | undefined): JsonCompletions | undefined {
    const expected = shapeOf(object);
    if (expected?.kind !== "message") {
      return undefined;
    }
    const used = new Set(
      object
        .getChildren("Property")
        .flatMap((property) => property.getChild("PropertyName") ?? [])
        .filter((other) => other.from !== name?.from)
        .map((other) => nameAt(other)),
    );
    const hasColon = name !== undefined && /^\s*:/.test(text.slice(name.to));
    const choices = expected.message.fields
      .filter(({ jsonName }) => !used.has(jsonName))
      .map((field) => fieldChoice(field, hasColon));
    return { from: name?.from ?? position, to: name?.to ?? position, choices };
  }

  /** The shape of the value that a node is, from its parents. */
  function shapeOf(value: SyntaxNode): JsonShape | undefined {
    const { parent } = value;
    switch (parent?.name) {
      case "JsonText":
        return shape;
      case "Array": {
        const list = shapeOf(parent);
        return list?.kind === "list" ? list.item : undefined;
      }
      case "Property":
        return valueShape(parent);
      default:
        return undefined;
    }
  }

  function valueShape(property: SyntaxNode): JsonShape | undefined {
    const object = property.parent === null ? undefined : shapeOf(property.parent);
    const name = property.getChild("PropertyName");
    if (object?.kind === "map") {
      return object.value;
    }
    if (object?.kind !== "message" || name === null) {
      return undefined;
    }
    const field = fieldByJsonName(object.message, nameAt(name));
    return field === undefined ? undefined : fieldShape(field);
  }

  function nameAt({ from, to }: SyntaxNode): string {
    return text.slice(from, to).replace(/^"|"$/g, "");
  }
}

function fieldChoice(field: DescField, hasColon: boolean): JsonChoice {
  const value = hasColon ? "" : `: ${JSON.stringify(sampleOf(fieldShape(field)))}`;
  return {
    label: field.jsonName,
    text: JSON.stringify(field.jsonName) + value,
    detail: fieldType(field),
    info: commentOf(field),
  };
}

function valuesOf(shape: JsonShape | undefined, from: number, to: number): JsonCompletions | undefined {
  const choices = shape === undefined ? [] : choicesOf(shape);
  return choices.length === 0 ? undefined : { from, to, choices };
}

function choicesOf(shape: JsonShape): readonly JsonChoice[] {
  const choice = (label: string, text: string, detail = "", info = ""): JsonChoice => ({
    label,
    text,
    detail,
    info,
  });
  switch (shape.kind) {
    case "enum":
      return shape.type.values.map((value) =>
        choice(value.name, JSON.stringify(value.name), String(value.number), commentOf(value)),
      );
    case "scalar":
      return shape.scalar === ScalarType.BOOL ? [choice("true", "true"), choice("false", "false")] : [];
    case "timestamp":
      return [choice("now", JSON.stringify(new Date().toISOString()), "Timestamp")];
    case "duration":
      return [choice("1s", '"1s"', "Duration"), choice("60s", '"60s"', "Duration")];
    case "message":
      return [choice("{ }", "{}", shape.message.name)];
    case "list":
      return [choice("[ ]", "[]")];
    default:
      return [];
  }
}
