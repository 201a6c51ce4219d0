// Loads a page's bundle, and prints what its call gave and which files that took: load-page.ts FILE URL
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

const [file = "", origin] = process.argv.slice(2);
const loaded: string[] = [];
registerHooks({
  load: (url, context, next) => {
    loaded.push(url);
    return next(url, context);
  },
});
Object.assign(globalThis, { location: { origin } });
const { greeting } = await import(pathToFileURL(file).href);
process.stdout.write(JSON.stringify({ greeting, loaded }));
