// What "protoc-gen-restate-es/scaffold" exports. Written by npm run api: do not edit.

export class GenerateError extends Error {
    readonly name = "GenerateError";
}

export interface Scaffolded {
    readonly calls: number;
    readonly added: readonly string[];
    readonly missing: readonly string[];
}

export function scaffold(paths: readonly string[], dryRun: boolean): Promise<Scaffolded>;
