/** Where a server is between its start and its end. */
export type ServerState = "starting" | "serving" | "draining";
