import { readFileSync } from "node:fs";
import { defineConfig } from "vitepress";
import { pagesFolder, siteFolder } from "../folders.ts";

// npm run docs writes the pages and the sidebar.
export default defineConfig({
  srcDir: pagesFolder,
  outDir: siteFolder,
  title: "restate-connect",
  description: "Typed Protobuf clients for Restate over Connect, gRPC and gRPC-web.",
  cleanUrls: true,
  ignoreDeadLinks: "localhostLinks",
  markdown: {
    anchor: { slugify: headingId },
  },
  vite: { build: { target: "es2022" } },
  themeConfig: {
    search: { provider: "local" },
    sidebar: JSON.parse(readFileSync(`${pagesFolder}/sidebar.json`, "utf8")),
    outline: { level: [2, 3] },
  },
});

/** The id of a heading, as code hosts make it: links in the repository work on the site too. */
function headingId(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
}
