import { useSyncExternalStore } from "preact/compat";

/** A place in the console: a path behind `#`, and its parameters. All of it is in the address, so that it can be shared. */
export interface Route {
  /** The parts of the path, decoded. */
  readonly path: readonly string[];
  readonly parameters: URLSearchParams;
}

/** The current route. Renders again when it changes. */
export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(onHashChange, () => window.location.hash));
}

/** Reads the part of an address behind `#`. */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#?\/?/, "").split("?", 2);
  return {
    path: path.split("/").filter(Boolean).map(decodeURIComponent),
    parameters: new URLSearchParams(query),
  };
}

/** The address of a place, for links. */
export function linkTo(path: readonly string[], parameters?: URLSearchParams): string {
  const query = parameters?.toString() ?? "";
  return `#/${path.map(encodeURIComponent).join("/")}${query === "" ? "" : `?${query}`}`;
}

function onHashChange(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}
