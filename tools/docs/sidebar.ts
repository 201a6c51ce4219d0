import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pagesFolder } from "./folders.ts";

/** Pages below a heading of the sidebar. */
export interface SidebarGroup {
  readonly text: string;
  readonly items: readonly { readonly text: string; readonly link: string }[];
}

/** Writes the sidebar for .vitepress/config.ts. */
export function writeSidebar(groups: readonly SidebarGroup[]): void {
  writeFileSync(join(pagesFolder, "sidebar.json"), JSON.stringify(groups));
}
