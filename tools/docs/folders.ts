import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** This folder. */
export const here: string = fileURLToPath(new URL(".", import.meta.url));

/** The root of the repository. */
export const repository: string = fileURLToPath(new URL("../..", import.meta.url));

/** Where the pages are written that VitePress reads. Git ignores it. */
export const pagesFolder: string = join(here, ".cache/pages");

/** Where VitePress writes the site. Git ignores it. */
export const siteFolder: string = join(here, "dist");
