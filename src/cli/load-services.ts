import { existsSync } from "node:fs";
import nodeModule from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Service } from "../service/service.ts";
import { oneLine, UsageError } from "./usage-error.ts";

/**
 * Imports a module, TypeScript or JavaScript, whose default export is an array of services.
 *
 * @throws UsageError naming the module, what is wrong with it and the mend.
 */
export async function loadServices(path: string): Promise<readonly Service[]> {
  const file = resolve(path);
  if (!existsSync(file)) {
    throw new UsageError(`cannot load ${path}: no such file`);
  }
  resolveTypeScript();
  let loaded: { default?: unknown };
  try {
    loaded = await import(pathToFileURL(file).href);
  } catch (reason) {
    throw new UsageError(`cannot load ${path}: ${oneLine(reason)}${mend(reason)}`, { cause: reason });
  }
  const services = loaded.default;
  if (!Array.isArray(services) || !services.every(isService)) {
    throw new UsageError(
      `cannot load ${path}: its default export must be an array of services: ` +
        "export default [service(Greeter, { ... })]",
    );
  }
  if (services.length === 0) {
    throw new UsageError(
      `${path} exports no services: put at least one service(Greeter, { ... }) in the array`,
    );
  }
  return services;
}

function isService(value: unknown): value is Service {
  return typeof value === "object" && value !== null && "desc" in value && "handlers" in value;
}

function mend(reason: unknown): string {
  switch (reason instanceof Error && "code" in reason ? reason.code : undefined) {
    case "ERR_UNKNOWN_FILE_EXTENSION":
      return ` (Node ${process.versions.node} does not load TypeScript: use Node 22.18 or later, or compile it first)`;
    case "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX":
      return " (Node strips types only: for generated code add erasable_syntax=true to the opt of protoc-gen-es)";
    default:
      return "";
  }
}

/** Generated TypeScript imports `./x_pb.js` or `./x_pb`, as bundlers and tsc want it; Node wants the file's own name. */
function resolveTypeScript(): void {
  nodeModule.registerHooks?.({
    resolve(specifier, context, nextResolve) {
      try {
        return nextResolve(specifier, context);
      } catch (reason) {
        const isMissing =
          reason instanceof Error && "code" in reason && reason.code === "ERR_MODULE_NOT_FOUND";
        if (isMissing && /^\.\.?\//.test(specifier)) {
          return nextResolve(`${specifier.replace(/\.js$/, "")}.ts`, context);
        }
        throw reason;
      }
    },
  });
}
