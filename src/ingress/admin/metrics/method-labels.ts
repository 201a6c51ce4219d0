import type { DescService } from "@bufbuild/protobuf";

/** Stands for all services and methods that the server does not have, so that labels have a bounded number of values. */
export const unknownLabel = "unknown";

/** Makes labels of names that may come from elsewhere: a store that other services used, a Restate server. */
export interface MethodLabels {
  serviceLabel(service: string): string;
  methodLabels(service: string, method: string): { readonly service: string; readonly method: string };
}

/** The labels of a server with these services. */
export function methodLabels(services: readonly DescService[]): MethodLabels {
  const known = new Map(
    services.map(({ typeName, methods }) => [typeName, new Set(methods.map(({ name }) => name))]),
  );
  const serviceLabel = (service: string): string => (known.has(service) ? service : unknownLabel);
  return {
    serviceLabel,
    methodLabels: (service, method) => ({
      service: serviceLabel(service),
      method: known.get(service)?.has(method) === true ? method : unknownLabel,
    }),
  };
}
