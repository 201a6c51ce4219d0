import { statSync } from "node:fs";
import nodeModule from "node:module";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { neededNode } from "../../model/node-version.ts";
import type { Service } from "../../service/service.ts";
import { oneLine, UsageError } from "../usage-error.ts";
import { errorPlace } from "./error-place.ts";

/**
 * Imports a TypeScript or JavaScript module whose default export is an array of services.
 *
 * @throws UsageError that names the module, the error and the fix.
 */
export async function loadServices(path: string): Promise<readonly Service[]> {
  const file = moduleFile(path);
  const lastLoaded = hookIntoLoading();
  let loaded: { default?: unknown };
  try {
    loaded = await import(pathToFileURL(file).href);
  } catch (reason) {
    const place = errorPlace(reason, lastLoaded());
    const where = place === undefined ? "" : ` (${place})`;
    throw new UsageError(`cannot load ${path}: ${oneLine(reason)}${where}${fix(reason)}`, { cause: reason });
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

/** Returns the absolute path of a module. @throws UsageError if it is not a TypeScript or JavaScript file. */
function moduleFile(path: string): string {
  const file = resolve(path);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new UsageError(`cannot load ${path}: no such file`);
  }
  if (stats.isDirectory()) {
    throw new UsageError(`cannot load ${path}: it is a folder. Give the module that exports the services`);
  }
  if (!/^(\.[cm]?[jt]s)?$/.test(extname(file))) {
    throw new UsageError(`cannot load ${path}: it is not a TypeScript or JavaScript module`);
  }
  return file;
}

function isService(value: unknown): value is Service {
  return typeof value === "object" && value !== null && "desc" in value && "handlers" in value;
}

function fix(reason: unknown): string {
  switch (reason instanceof Error && "code" in reason ? reason.code : undefined) {
    case "ERR_UNKNOWN_FILE_EXTENSION":
      return ` (Node ${process.versions.node} does not load TypeScript: compile it first, or use ${neededNode})`;
    case "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX":
      return " (Node only strips types: for generated code, add erasable_syntax=true to the opt of protoc-gen-es)";
    case "ERR_MODULE_NOT_FOUND":
      return /_(pb|restate)(\.[cm]?[jt]s)?'/.test(oneLine(reason))
        ? " (run buf generate; for imported protos, give protoc-gen-es include_imports: true)"
        : "";
    default:
      return "";
  }
}

/**
 * Lets Node resolve the imports of generated TypeScript: `./x_pb.js` and `./x_pb`, as tsc and bundlers expect
 * them, lead to `./x_pb.ts`. Returns a function that returns the URL of the last module that Node loaded.
 */
function hookIntoLoading(): () => string | undefined {
  let last: string | undefined;
  nodeModule.registerHooks?.({
    resolve(specifier, context, nextResolve) {
      try {
        return nextResolve(specifier, context);
      } catch (reason) {
        const isMissing =
          reason instanceof Error && "code" in reason && reason.code === "ERR_MODULE_NOT_FOUND";
        if (isMissing && /^\.\.?\//.test(specifier)) {
          try {
            return nextResolve(`${specifier.replace(/\.js$/, "")}.ts`, context);
          } catch {
            // No TypeScript file exists either: report the specifier as the module wrote it.
          }
        }
        throw reason;
      }
    },
    load(url, context, nextLoad) {
      last = url;
      return nextLoad(url, context);
    },
  });
  return () => last;
}
