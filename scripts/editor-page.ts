/** Writes docs/editor.md, from what the language server of TypeScript says. */
import { writeFileSync } from "node:fs";
import { editorPage } from "./editor/page.ts";

writeFileSync(new URL("../docs/editor.md", import.meta.url), await editorPage());
