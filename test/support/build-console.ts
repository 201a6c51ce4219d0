import { run } from "./command.ts";
import { repository } from "./markdown.ts";

/** Builds the console, unless that was done since its sources changed. */
export async function buildConsole(): Promise<void> {
  await run("node scripts/build-console.ts --if-stale", repository);
}
