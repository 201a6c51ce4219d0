/**
 * Services in memory for tests, and a transport that answers without a server.
 *
 * @module
 */

export type { Answers } from "./answers.ts";
export type { AwakeableCompletion } from "./awakeable-completion.ts";
export { createTestEnvironment } from "./create-environment.ts";
export type { Duration } from "./duration.ts";
export type { TestEnvironment, TestEnvironmentOptions } from "./environment.ts";
export type { Call, Calls, Send, Sends } from "./record.ts";
export { createTestTransport, type TestTransport } from "./test-transport.ts";
