// What "restate-connect/codegen" exports. Written by npm run api: do not edit.

export type Keyless<S extends DescMessage, KeyField extends string> = DistributiveOmit<MessageInitShape<S>, KeyField>;

export function createClient<T>(service: DescService, transport: Transport): T;

// Not exported, and part of the declarations above.

type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never;
