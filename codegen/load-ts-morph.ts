import { GenerateError } from "./generate-error.ts";

/** The compiler. Loading takes half a second, so it is loaded only when needed. */
export type TsMorph = typeof import("ts-morph");

/**
 * Loads the compiler. `forWhat` is the option or command that needs it, for example "check=true".
 *
 * @throws GenerateError if ts-morph, an optional peer dependency, is not installed.
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
