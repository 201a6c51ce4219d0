import type { CodeGeneratorResponse } from "@bufbuild/protobuf/wkt";

/**
 * Names the declarations of generated JavaScript for Deno, which does not look for them: `@ts-self-types` for our own
 * modules, `@ts-types` where our declarations import messages. To others these are comments.
 */
export function addDenoTypes({ file: files }: CodeGeneratorResponse): void {
  const names = new Set(files.map(({ name }) => name));
  for (const file of files) {
    const { name = "", content = "" } = file;
    if (name.endsWith(".js") && names.has(name.replace(/js$/, "d.ts"))) {
      const declarations = name.replace(/^.*\//, "./").replace(/js$/, "d.ts");
      file.content = `// @ts-self-types="${declarations}"\n${content}`;
    }
    if (name.endsWith(".d.ts") && names.has(name.replace(/d\.ts$/, "js"))) {
      file.content = content.replaceAll(
        /^import type .* from "(\.[^"]*_pb)\.js";$/gm,
        (line, module: string) => `// @ts-types="${module}.d.ts"\n${line}`,
      );
    }
  }
}
