import { GenerateError } from "./generate-error.ts";

/** The compiler, which only `check=true` needs: it takes half a second to load. */
export type TsMorph = typeof import("ts-morph");

/** @throws GenerateError when ts-morph, an optional peer dependency, is not installed. */
export async function loadTsMorph(): Promise<TsMorph> {
  try {
    return await import("ts-morph");
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new GenerateError(
      "check=true needs ts-morph, which is not installed: npm install --save-dev ts-morph",
      { cause },
    );
  }
}
