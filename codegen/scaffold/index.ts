/**
 * Adds missing handlers to the code of services.
 *
 * @module
 */

export { GenerateError } from "../generate-error.ts";
export { type Scaffolded, scaffold } from "./scaffold.ts";
