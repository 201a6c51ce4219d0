/**
 * What generated code is thin over. It changes together with `protoc-gen-restate-es`, without a promise of semantic
 * versioning: applications call the generated `createGreeterClient(transport)` instead.
 *
 * @module
 */

export { createClient } from "./create-client.ts";
export type { Keyless } from "./keyless.ts";
