import type { HeaderList } from "../../model/outcome.ts";
import { isResponseMetadata } from "../../wire/protocol-headers.ts";

/** Leaves out what belongs to the protocol, so that no handler can break its own response. */
export function responseMetadata(list: HeaderList): HeaderList {
  return list.every(isMetadata) ? list : list.filter(isMetadata);
}

function isMetadata([name]: HeaderList[number]): boolean {
  return isResponseMetadata(name);
}

/** Puts `Headers`, for example an error's metadata, into a list. */
export function metadataOf(headers: Headers): HeaderList {
  return responseMetadata([...headers]);
}
