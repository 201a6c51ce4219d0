import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Links of a built site to pages and headings that it does not have, as `page: link`. */
export function deadLinks(folder: string): readonly string[] {
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".html"),
  );
  const htmlOf = new Map(pages.map((page) => [page, readFileSync(join(folder, page), "utf8")]));
  return pages
    .filter((page) => page !== "404.html")
    .flatMap((page) =>
      linksOf(htmlOf.get(page) ?? "")
        .filter((link) => isDead(link, page, folder, htmlOf))
        .map((link) => `${page}: ${link}`),
    );
}

function linksOf(html: string): readonly string[] {
  const found = [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, link = ""]) =>
    link.replaceAll("&amp;", "&"),
  );
  return [...new Set(found)].filter((link) => !/^(https?|mailto):/.test(link));
}

function isDead(link: string, page: string, folder: string, htmlOf: ReadonlyMap<string, string>): boolean {
  const { pathname, hash } = new URL(link, `file:///${page}`);
  const path = decodeURIComponent(pathname).slice(1);
  const target = [path, `${path}.html`, join(path, "index.html")].find((name) => htmlOf.has(name));
  if (target === undefined) {
    return path === "" || !existsSync(join(folder, path));
  }
  const id = decodeURIComponent(hash.slice(1));
  return id !== "" && !htmlOf.get(target)?.includes(`id="${id}"`);
}
