export { health } from "./health.ts";
export { reflection } from "./reflection.ts";
