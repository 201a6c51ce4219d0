import { join } from "node:path";
import { build, root } from "./run.ts";

/** Where the Go peers are built to. */
const programs = join(root, ".cache/interop/go");

/** Paths of the Go peers' programs. */
export interface GoPrograms {
  readonly grpcurl: string;
  /** go/client: one call, by connect-go or grpc-go. */
  readonly client: string;
  /** go/server: the Greeter, by connect-go or grpc-go. */
  readonly server: string;
  /** Tests servers of HTTP/2 against their specification. */
  readonly h2spec: string;
}

/**
 * Generates the stubs of the Go peers and builds them, with the versions of go/go.mod. Go knows what is built
 * already.
 *
 * @throws MissingToolError when there is no Go.
 */
export async function goPrograms(): Promise<GoPrograms> {
  await build("go", ["version"]);
  await build("buf", ["generate", "--template", "test/interop/go/buf.gen.yaml"]);
  const packages = [
    "./client",
    "./server",
    "github.com/fullstorydev/grpcurl/cmd/grpcurl",
    "github.com/summerwind/h2spec/cmd/h2spec",
  ];
  await build("go", ["build", "-C", "test/interop/go", "-o", `${programs}/`, ...packages]);
  const suffix = process.platform === "win32" ? ".exe" : "";
  const path = (name: string) => join(programs, name + suffix);
  return { grpcurl: path("grpcurl"), client: path("client"), server: path("server"), h2spec: path("h2spec") };
}
