/** The content type of each format of messages, with the Connect protocol and on Restate. */
export const contentTypes = { binary: "application/proto", json: "application/json" } as const;
