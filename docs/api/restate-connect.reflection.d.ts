// What "restate-connect/reflection" exports. Written by npm run api: do not edit.

export interface ReflectionOptions {
    readonly fileDescriptorSet?: Uint8Array | undefined;
}

export function health(services: readonly DescService[]): (router: ConnectRouter) => void;

export function reflection(services: readonly DescService[], { fileDescriptorSet }?: ReflectionOptions): (router: ConnectRouter) => void;
