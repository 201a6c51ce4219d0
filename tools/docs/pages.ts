import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { pagesFolder, repository } from "./folders.ts";
import type { SidebarGroup } from "./sidebar.ts";

/** Pages outside of docs/, as paths from the root of the repository, and their addresses. */
const otherPages: ReadonlyMap<string, string> = new Map([
  ["README.md", "/"],
  ["SECURITY.md", "/security"],
  ["CONTRIBUTING.md", "/contributing"],
  ["CHANGELOG.md", "/changelog"],
  ["codegen/README.md", "/protoc-gen-restate-es"],
  ["examples/README.md", "/examples"],
]);

/**
 * Writes the pages for VitePress, with links that fit their new places, and returns the groups of the sidebar: those
 * of the README's section "Documentation", in its order. Pages of docs/ that it does not name come last.
 */
export function writePages(): readonly SidebarGroup[] {
  const addresses = new Map([...otherPages, ...docsPages(), ...examplePages()]);
  for (const [path, address] of addresses) {
    const file = join(pagesFolder, `${address === "/" ? "index" : address}.md`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, movedPage(path, addresses));
  }
  for (const entry of readdirSync(join(repository, "docs"), { withFileTypes: true })) {
    if (entry.name !== "api" && !entry.name.endsWith(".md")) {
      cpSync(join(repository, "docs", entry.name), join(pagesFolder, entry.name), { recursive: true });
    }
  }
  return groupsOf(readFileSync(join(repository, "README.md"), "utf8"), addresses);
}

function docsPages(): [path: string, address: string][] {
  return readdirSync(join(repository, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => [`docs/${name}`, `/${name.replace(/\.md$/, "")}`]);
}

function examplePages(): [path: string, address: string][] {
  return readdirSync(join(repository, "examples"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => [`examples/${name}/README.md`, `/examples/${name}`]);
}

/** The text of a page, code blocks as they are. */
function movedPage(path: string, addresses: ReadonlyMap<string, string>): string {
  const text = readFileSync(join(repository, path), "utf8");
  return text
    .split(/^(```[\s\S]*?^```$)/m)
    .map((part, index) =>
      index % 2 === 1 ? part.replace(/^```diagram/, "```text") : movedLinks(part, path, addresses),
    )
    .join("");
}

function movedLinks(text: string, path: string, addresses: ReadonlyMap<string, string>): string {
  return text
    .replaceAll(
      /(!?)\[([^\]]*)\]\((?!https?:|#)([^)#\s]+)(#[^)]*)?\)/g,
      (link, image, label, to, anchor = "") => {
        const target = normalize(join(dirname(path), to)).replace(/\/$/, "");
        if (!existsSync(join(repository, target))) {
          throw new Error(`${path}: ${link} leads to ${target}, which does not exist`);
        }
        const address = addresses.get(target);
        if (address !== undefined) {
          return `[${label}](${address}${anchor})`;
        }
        if (target.startsWith("docs/") && target.endsWith(".json")) {
          return `[${label}](/${published(target)})`;
        }
        // The site does not have the sources.
        return image === "!" ? `![${label}](${inSite(path, to)})` : label;
      },
    )
    .replaceAll(/(src|srcset)="(?!https?:)([^"]+)"/g, (_, name, to) => `${name}="${inSite(path, to)}"`);
}

/** Puts a file of docs/ onto the site, to be downloaded, and returns its name there. */
function published(path: string): string {
  const name = basename(path);
  cpSync(join(repository, path), join(pagesFolder, "public", name));
  return name;
}

/** The address of a picture of docs/. */
function inSite(path: string, to: string): string {
  return `./${normalize(join(dirname(path), to)).replace(/^docs\//, "")}`;
}

function groupsOf(readme: string, addresses: ReadonlyMap<string, string>): readonly SidebarGroup[] {
  const [, section = ""] = readme.split(/^## Documentation$/m);
  const [own = ""] = section.split(/^## /m);
  const groups = own
    .split(/^### /m)
    .slice(1)
    .map((group) => ({
      text: group.slice(0, group.indexOf("\n")),
      items: [...group.matchAll(/^\| \[([^\]]+)\]\(([^)]+)\)/gm)].map(([, text = "", path = ""]) => ({
        text,
        link: addresses.get(path) ?? "",
      })),
    }));
  if (groups.length === 0) {
    throw new Error('README.md has no section "## Documentation" with groups ("### …") of pages');
  }
  const named = new Set(groups.flatMap(({ items }) => items.map(({ link }) => link)));
  const others = [...addresses].filter(([path, address]) => path.startsWith("docs/") && !named.has(address));
  const items = others.map(([path, link]) => ({ text: titleOf(path), link }));
  return items.length === 0 ? groups : [...groups, { text: "Other pages", items }];
}

function titleOf(path: string): string {
  const text = readFileSync(join(repository, path), "utf8");
  return /^# (.+)$/m.exec(text)?.[1] ?? path;
}
