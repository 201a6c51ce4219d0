import { build } from "./run.ts";

/** Runs the peers' own generators, once before all, and checks that what they made fits what is written against it. */
export default async function generate(): Promise<void> {
  await build("buf", ["generate", "--template", "test/interop/buf.gen.yaml"]);
  await build("tsc", ["--project", "test/interop"]);
}
