import type { SyntaxNode, Tree } from "@lezer/common";
import { fieldByJsonName, fieldShape, type JsonShape } from "./json-shape.ts";
import { scalarProblem } from "./scalar-problem.ts";

/** What is wrong with a part of the text. */
export interface JsonProblem {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

/** Finds what a syntactically correct JSON text has that its shape does not allow. */
export function jsonProblems(tree: Tree, text: string, shape: JsonShape): readonly JsonProblem[] {
  const problems: JsonProblem[] = [];
  const report = ({ from, to }: SyntaxNode, message: string): void => {
    problems.push({ from, to, message });
  };

  function check(node: SyntaxNode, expected: JsonShape): void {
    if (node.name === "Null" || expected.kind === "any") {
      return; // null stands for the default
    }
    switch (expected.kind) {
      case "message":
        checkMessage(node, expected);
        break;
      case "map":
        if (node.name !== "Object") {
          report(node, "write an object");
        } else {
          for (const property of node.getChildren("Property")) {
            checkValue(property, expected.value);
          }
        }
        break;
      case "list":
        if (node.name !== "Array") {
          report(node, "write a list: [ … ]");
        } else {
          eachValue(node, (item) => check(item, expected.item));
        }
        break;
      default:
        checkLeaf(node, expected);
    }
  }

  function checkMessage(node: SyntaxNode, { message }: Extract<JsonShape, { kind: "message" }>): void {
    if (node.name !== "Object") {
      report(node, `write an object: ${message.typeName}`);
      return;
    }
    const seen = new Map<string, string>();
    for (const property of node.getChildren("Property")) {
      const nameNode = property.getChild("PropertyName");
      if (nameNode === null) {
        continue;
      }
      const name = String(parsed(text.slice(nameNode.from, nameNode.to)));
      const field = fieldByJsonName(message, name);
      if (field === undefined) {
        const names = message.fields.map(({ jsonName }) => jsonName).join(", ");
        report(nameNode, `${message.name} has no field ${name}${names === "" ? "" : `. It has ${names}`}`);
        continue;
      }
      const group = field.oneof === undefined ? field.name : `oneof ${field.oneof.name}`;
      const before = seen.get(group);
      if (before !== undefined) {
        report(
          nameNode,
          field.oneof === undefined
            ? `${name} is given twice`
            : `${before} and ${name} are both of oneof ${field.oneof.name}: give one of them`,
        );
      }
      seen.set(group, name);
      checkValue(property, fieldShape(field));
    }
  }

  function checkValue(property: SyntaxNode, expected: JsonShape): void {
    const value = property.lastChild;
    if (value !== null && value.name !== "PropertyName" && !value.type.isError) {
      check(value, expected);
    }
  }

  function checkLeaf(node: SyntaxNode, expected: JsonShape): void {
    const value = parsed(text.slice(node.from, node.to));
    const problem = leafProblem(value, expected);
    if (problem !== undefined) {
      report(node, problem);
    }
  }

  eachValue(tree.topNode, (node) => check(node, shape));
  return problems;
}

function leafProblem(value: unknown, shape: JsonShape): string | undefined {
  switch (shape.kind) {
    case "scalar":
      return scalarProblem(shape.scalar, value);
    case "enum": {
      const isKnown =
        typeof value === "number"
          ? Number.isInteger(value)
          : shape.type.values.some(({ name }) => name === value);
      return isKnown ? undefined : `write one of ${shape.type.values.map(({ name }) => name).join(", ")}`;
    }
    case "timestamp":
      return typeof value === "string" &&
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(value)
        ? undefined
        : 'write a time such as "2026-01-31T12:00:00Z"';
    case "duration":
      return typeof value === "string" && /^-?\d+(\.\d{1,9})?s$/.test(value)
        ? undefined
        : 'write a duration in seconds, such as "1.5s"';
    case "text":
      return typeof value === "string" ? undefined : "write a string";
    default:
      return undefined;
  }
}

function eachValue(node: SyntaxNode, visit: (value: SyntaxNode) => void): void {
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (/^[A-Z]/.test(child.name)) {
      visit(child);
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
