import type { Link } from "../store/client.ts";

/** Where plain calls of KEYED and SINGLETON services wait for their turn. The store has the order. */
export interface Turns {
  /** Calls `onTurn` when the key is the caller's; gives the way to let go of it, or to wait no more. */
  take(service: string, key: string, onTurn: () => void): () => void;
  /** The store has granted a turn. */
  grant(ticket: number): void;
}

/** Turns that the store grants. */
export function createTurns(link: Link): Turns {
  const waiting = new Map<number, () => void>();
  let lastTicket = 0;
  return {
    take: (service, key, onTurn) => {
      lastTicket += 1;
      const ticket = lastTicket;
      waiting.set(ticket, onTurn);
      link.post({ op: "enqueue", ticket, service, key });
      return () => {
        waiting.delete(ticket);
        link.post({ op: "leave", ticket });
      };
    },
    grant: (ticket) => {
      const onTurn = waiting.get(ticket);
      waiting.delete(ticket);
      onTurn?.();
    },
  };
}
