// What "restate-connect/reflection" exports. Written by npm run api: do not edit.

export function health(services: readonly DescService[]): (router: ConnectRouter) => void;

export function reflection(services: readonly DescService[]): (router: ConnectRouter) => void;
