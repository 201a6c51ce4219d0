import { relative } from "node:path";
import type { FileRegistry } from "@bufbuild/protobuf";
import type { Diagnostic, Node } from "ts-morph";
import { folder } from "./check-compile.ts";
import type { TsMorph } from "./load-ts-morph.ts";
import { formatPosition, type Located, positionOf } from "./position.ts";

/**
 * Formats a compiler error as a line of text. The `@generated from` comment above the code gives its place in
 * the proto file; without one, as for an import, the place is in the generated module.
 */
export function locateDiagnostic(tsMorph: TsMorph, diagnostic: Diagnostic, registry: FileRegistry): string {
  const text = `TS${diagnostic.getCode()} ${flatten(tsMorph, diagnostic)}`;
  const file = diagnostic.getSourceFile();
  if (file === undefined) {
    return text;
  }
  const desc = findOrigin(tsMorph, file.getDescendantAtPos(diagnostic.getStart() ?? 0), registry);
  if (desc !== undefined) {
    return `${formatPosition(positionOf(desc))}: ${desc}: ${text}`;
  }
  return `${relative(folder(), file.getFilePath())}:${diagnostic.getLineNumber()}: ${text}`;
}

function findOrigin({ Node }: TsMorph, node: Node | undefined, registry: FileRegistry): Located | undefined {
  for (const around of node === undefined ? [] : [node, ...node.getAncestors()]) {
    if (!Node.isJSDocable(around)) {
      continue;
    }
    const tags = around.getJsDocs().flatMap((doc) => doc.getTags());
    const origin = tags.find((tag) => tag.getTagName() === "generated")?.getCommentText();
    const desc = origin === undefined ? undefined : findDesc(origin, registry);
    if (desc !== undefined) {
      return desc;
    }
  }
  return undefined;
}

/** Finds the descriptor for `from rpc org.example.Greeter.Greet`, `from service …` or `from message …`. */
function findDesc(origin: string, registry: FileRegistry): Located | undefined {
  const [, kind, name] = origin.split(" ");
  if (name === undefined) {
    return undefined;
  }
  switch (kind) {
    case "message":
      return registry.getMessage(name);
    case "service":
      return registry.getService(name);
    case "rpc": {
      const dot = name.lastIndexOf(".");
      return registry
        .getService(name.slice(0, dot))
        ?.methods.find((method) => method.name === name.slice(dot + 1));
    }
    default:
      return undefined;
  }
}

function flatten({ ts }: TsMorph, diagnostic: Diagnostic): string {
  return ts.flattenDiagnosticMessageText(diagnostic.compilerObject.messageText, " ").replaceAll(/\s+/g, " ");
}
