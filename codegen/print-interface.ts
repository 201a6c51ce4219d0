import type { Printer } from "./printer.ts";

/** Prints the member `send`. */
export function printSend({ file }: Printer, name: string): void {
  file.print(
    file.jsDoc("One-way invocations: each resolves when the ingress has accepted the invocation.", "  "),
  );
  file.print`  readonly send: ${name};`;
}

/** Prints the head of an interface. */
export function openInterface({ file }: Printer, name: string): void {
  file.print`${file.export("interface", name)} {`;
}

/** Prints the end of an interface. */
export function closeInterface({ file }: Printer): void {
  file.print`}`;
  file.print();
}
