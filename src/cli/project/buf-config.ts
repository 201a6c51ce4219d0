import { existsSync, readFileSync } from "node:fs";
import { UsageError } from "../usage-error.ts";

/** What `restate-connect generate` needs to know of `buf.gen.yaml`. */
export interface BufGenConfig {
  /** Folders of protos, `.` if the file names no inputs. */
  readonly inputs: readonly string[];
  /** Folders that plugins write to. */
  readonly outputs: readonly string[];
}

/**
 * Reads the folders that `buf.gen.yaml` names.
 *
 * @throws UsageError when there is no such file.
 */
export function readBufGenConfig(): BufGenConfig {
  const path = "buf.gen.yaml";
  if (!existsSync(path)) {
    throw new UsageError(
      `there is no ${path} in ${process.cwd()}: create a project with restate-connect init`,
    );
  }
  const text = readFileSync(path, "utf8");
  const inputs = valuesOf(text, "directory");
  return { inputs: inputs.length === 0 ? ["."] : inputs, outputs: [...new Set(valuesOf(text, "out"))] };
}

/** The values of a key, wherever in the file: these keys have one meaning each in buf's format. */
function valuesOf(yaml: string, key: string): readonly string[] {
  const lines = yaml.matchAll(new RegExp(`^[\\s-]*${key}:\\s*["']?([^"'#\\n]+?)["']?\\s*(?:#.*)?$`, "gm"));
  return [...lines].map(([, value = ""]) => value);
}
