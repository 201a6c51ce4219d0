import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type JSDocableNode, Node, Project, type TypeElementMemberedNode } from "ts-morph";
import { expect, it } from "vitest";
import { repository } from "../support/markdown.ts";

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly "@restate-connect/source": string }>>;
}

const { exports } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as Manifest;
const entries = Object.entries(exports).flatMap(([name, target]) =>
  typeof target === "string" ? [] : [[name, target["@restate-connect/source"]] as const],
);

const project = new Project({
  tsConfigFilePath: join(repository, "tsconfig.json"),
  skipAddingFilesFromTsConfig: true,
});

// What an editor shows for an export, and for a member of one, is its doc comment.
it.each(entries)("everything that %s exports has a doc comment", (_, path) => {
  const exported = project.addSourceFileAtPath(join(repository, path)).getExportedDeclarations();
  expect(exported.size).toBeGreaterThan(0);
  const undocumented = [...exported].flatMap(([name, declarations]) =>
    declarations.filter(isOurs).flatMap((node) => undocumentedIn(name, node)),
  );
  expect(undocumented).toEqual([]);
});

/** Not what another package declares, nor what we add to an interface that has its comment elsewhere. */
function isOurs(node: Node): boolean {
  const isAddition = node.getFirstAncestor(Node.isModuleDeclaration) !== undefined;
  return !isAddition && node.getSourceFile().getFilePath().startsWith(join(repository, "src/"));
}

/** Names and places of what has no doc comment: the declaration itself, and its members. */
function undocumentedIn(name: string, node: Node): string[] {
  return [
    ...(commentedNodes(node).filter(Node.isJSDocable).some(hasDoc) ? [] : [`${name} ${placeOf(node)}`]),
    ...membersOf(node)
      .filter((member) => !hasDoc(member))
      .map((member) => `${name}.${member.getSymbol()?.getName()} ${placeOf(member)}`),
  ];
}

/** Where a declaration may have its comment. */
function commentedNodes(node: Node): readonly Node[] {
  if (Node.isVariableDeclaration(node)) {
    return [node.getVariableStatementOrThrow()];
  }
  return Node.isFunctionDeclaration(node) ? [node, ...node.getOverloads()] : [node];
}

/** Members of an interface, of a class, and of the object types that a type alias is made of. */
function membersOf(node: Node): (Node & JSDocableNode)[] {
  if (Node.isClassDeclaration(node)) {
    return node
      .getInstanceMembers()
      .filter(Node.isJSDocable)
      .filter((member) => !(Node.isOverrideable(member) && member.hasOverrideKeyword()));
  }
  if (Node.isInterfaceDeclaration(node)) {
    return membered(node);
  }
  return Node.isTypeAliasDeclaration(node)
    ? node
        .getTypeNodeOrThrow()
        .forEachChildAsArray()
        .concat(node.getTypeNodeOrThrow())
        .filter(Node.isTypeLiteral)
        .flatMap(membered)
    : [];
}

function membered(node: TypeElementMemberedNode): (Node & JSDocableNode)[] {
  return node.getMembers().filter(Node.isJSDocable);
}

function hasDoc(node: JSDocableNode): boolean {
  return node.getJsDocs().some((doc) => doc.getDescription().trim() !== "");
}

function placeOf(node: Node): string {
  return `${relative(repository, node.getSourceFile().getFilePath())}:${node.getStartLineNumber()}`;
}
