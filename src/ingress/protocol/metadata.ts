import type { HeaderList } from "../../model/outcome.ts";
import { isResponseMetadata } from "../../wire/protocol-headers.ts";

/** Leaves out what belongs to the protocol, so that no handler can break its own response. */
export function responseMetadata(list: HeaderList): HeaderList {
  return list.filter(([name]) => isResponseMetadata(name));
}

/** Puts `Headers`, for example an error's metadata, into a list. */
export function metadataOf(headers: Headers): HeaderList {
  return responseMetadata([...headers]);
}
