import { GenerateError } from "./generate-error.ts";

/** The compiler. It takes half a second to load: only what cannot do without does. */
export type TsMorph = typeof import("ts-morph");

/**
 * Loads the compiler for what the user asked for, as in "check=true".
 *
 * @throws GenerateError when ts-morph, an optional peer dependency, is not installed.
 */
export async function loadTsMorph(forWhat: string): Promise<TsMorph> {
  try {
    return await import("ts-morph");
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") {
      throw cause;
    }
    throw new GenerateError(
      `${forWhat} needs ts-morph, which is not installed: npm install --save-dev ts-morph`,
      { cause },
    );
  }
}
