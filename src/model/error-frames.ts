import { fileURLToPath } from "node:url";

/** The folder of our own modules. Undefined in a bundle, where they are in one file with those of others. */
const ownFolder = /\/src\/model\/error-frames\.[jt]s$/.test(import.meta.url)
  ? new URL("../", import.meta.url)
  : undefined;
/** Frames have the URL of a module, or its path where a test runner loads it. */
const ownPrefixes = ownFolder === undefined ? [] : [ownFolder.href, fileURLToPath(ownFolder)];

/**
 * The frames of an error's stack, each as `at ...`. Frames of Node and of this package are left out, unless there are no
 * others: they say nothing about the handler that failed.
 */
export function errorFrames(error: Error): readonly string[] {
  const frames = allFrames(error);
  const foreign = frames.filter((frame) => !isInternal(frame));
  return foreign.length > 0 ? foreign : frames;
}

/** A stack begins with the message, which may look like frames itself. */
function allFrames(error: Error): readonly string[] {
  try {
    const stack = String(error.stack ?? "");
    const end = stack.indexOf(error.message);
    const frames = end === -1 ? stack : stack.slice(end + error.message.length);
    return frames
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line.startsWith("at "));
  } catch {
    return [];
  }
}

function isInternal(frame: string): boolean {
  const place = /\(([^()]*)\)$/.exec(frame)?.[1] ?? frame.replace(/^at (?:async )?/, "");
  return place.startsWith("node:") || ownPrefixes.some((prefix) => place.startsWith(prefix));
}
