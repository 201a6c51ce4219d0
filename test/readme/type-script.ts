import type { CodeBlock } from "../support/markdown.ts";

/**
 * Makes one module of a page's TypeScript blocks, so that each may use what those before it declare, and may
 * declare it again. `gen` stands for the folder of generated code.
 */
export function moduleOf(blocks: readonly CodeBlock[], gen: string): string {
  const imports = new Map<string, Set<string>>();
  const bodies = blocks.map(({ place, text }) => {
    const body = text.replaceAll(
      /^import (type )?\{([^}]*)\} from "([^"]+)";(.*)\n/gm,
      (_, type, names, from) => {
        const known = imports.get(from) ?? new Set();
        imports.set(from, known);
        for (const name of names.split(",")) {
          if (name.trim() !== "") {
            known.add(`${type ?? ""}${name.trim()}`);
          }
        }
        return "";
      },
    );
    if (/^import /m.test(body)) {
      throw new Error(`${place}: write imports as import { names } from "module";`);
    }
    // A block in a block cannot export.
    return `// ${place}\n${body.replaceAll(/^export default /gm, "void ").replaceAll(/^export /gm, "")}`;
  });
  const heads = [...imports].map(([from, names]) => {
    const path = from.replace(/^(?:\.\.?\/)+gen\/(.*)\.js$/, `${gen}/$1.ts`);
    return `import { ${[...names].join(", ")} } from "${path}";\n`;
  });
  return `${heads.join("")}\n${bodies.join("{\n")}${"}".repeat(Math.max(0, bodies.length - 1))}\nexport {};\n`;
}
