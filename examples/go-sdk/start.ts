// Starts a Restate server, the Go service and the page, and registers the service with Restate.
import { spawn, spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

const options = { shell: true, stdio: "inherit" } as const;
spawn("restate-server --no-logo", options);
spawn("go -C service run .", options);
spawn("vite web", options);

// Until both have started.
while (spawnSync("restate-connect register http://localhost:9070 --force", options).status !== 0) {
  await sleep(1_000);
}
