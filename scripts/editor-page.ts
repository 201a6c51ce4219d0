/** Writes docs/editor.md from what the language server of TypeScript says. With --check, exits 1 if it differs. */
import { readFileSync, writeFileSync } from "node:fs";
import { editorPage } from "./editor/page.ts";

const file = new URL("../docs/editor.md", import.meta.url);
const page = await editorPage();
if (!process.argv.includes("--check")) {
  writeFileSync(file, page);
} else if (readFileSync(file, "utf8") !== page) {
  console.error("docs/editor.md was stale: run npm run editor-page and commit it");
  process.exitCode = 1;
}
