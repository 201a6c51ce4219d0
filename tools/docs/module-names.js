// A plugin of TypeDoc: names each module as it is imported, restate-connect/node rather than src/transport/node.
import { Converter } from "typedoc";

const names = JSON.parse(process.env.MODULE_NAMES ?? "{}");

/** @param {import("typedoc").Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) {
      module.name = names[module.name] ?? module.name;
    }
  });
}
