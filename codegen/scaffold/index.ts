export { GenerateError } from "../generate-error.ts";
export { type Scaffolded, scaffold } from "./scaffold.ts";
