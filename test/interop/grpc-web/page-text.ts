import { peerBy } from "./page.ts";

Object.assign(globalThis, { peer: peerBy("text") });
