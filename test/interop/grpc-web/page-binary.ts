import { greetBy } from "./page.ts";

Object.assign(globalThis, { peer: { greet: greetBy("binary") } });
