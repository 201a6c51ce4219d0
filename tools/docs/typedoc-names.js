// A plugin of TypeDoc for the names of the reference.
import { Converter, ReflectionKind } from "typedoc";

const modules = JSON.parse(process.env.MODULE_NAMES ?? "{}");

/** @param {import("typedoc").Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    // As it is imported: restate-connect/node rather than src/transport/node.
    for (const module of project.children ?? []) {
      module.name = modules[module.name] ?? module.name;
    }
    // A parameter that is taken apart where it is declared.
    for (const parameter of project.getReflectionsByKind(ReflectionKind.Parameter)) {
      if (parameter.name === "__namedParameters") {
        parameter.name = "options";
      }
    }
  });
}
