/** Notes that the handlers of a run leave for its cases. */
export interface Notes {
  /** How often a handler was called with this name. */
  readonly calls: Map<string, number>;
  /** Resolves with the id of the awakeable of this name, once a handler has made it. */
  awakeable(name: string): Promise<string>;
  /** For handlers: the awakeable of this name has this id. Later ids of the same name, from replays, are the same. */
  tell(name: string, id: string): void;
}

export function makeNotes(): Notes {
  const ids = new Map<string, PromiseWithResolvers<string>>();
  const idOf = (name: string) => {
    const known = ids.get(name) ?? Promise.withResolvers<string>();
    ids.set(name, known);
    return known;
  };
  return {
    calls: new Map(),
    awakeable: (name) => idOf(name).promise,
    tell: (name, id) => idOf(name).resolve(id),
  };
}
