import type { DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import type { GeneratedFile, ImportSymbol, Printable } from "@bufbuild/protoplugin";
import { handlerKind } from "../src/model/handler-kind.ts";
import { serviceKind } from "../src/model/service-kind.ts";

/** Modules from which generated code imports its types and functions. */
const runtime = {
  CallOptions: "restate-connect",
  Context: "restate-connect",
  Invocation: "restate-connect",
  JsonCallOptions: "restate-connect/json",
  JsonClientOptions: "restate-connect/json",
  JsonInvocation: "restate-connect/json",
  JsonSendOptions: "restate-connect/json",
  JsonSubmitOptions: "restate-connect/json",
  Keyless: "restate-connect/codegen",
  MessageInitShape: "@bufbuild/protobuf",
  SendOptions: "restate-connect",
  SubmitOptions: "restate-connect",
  Transport: "@connectrpc/connect",
} as const;

/**
 * Imported names and comments of generated code, cached: protoplugin derives a name from all names of the proto
 * file on every call.
 */
export interface References {
  /** Type of a message. */
  shape(message: DescMessage): ImportSymbol;
  /** Descriptor of a message, for `typeof`. */
  schema(message: DescMessage): ImportSymbol;
  /** JSON type of a message, written by protoc-gen-es with `json_types=true`. */
  json(message: DescMessage): ImportSymbol;
  /** Descriptor of a service, as a value. */
  service(service: DescService): ImportSymbol;
  /** A type of the runtime. */
  type(name: keyof typeof runtime): ImportSymbol;
  createClient(): ImportSymbol;
  createJsonClient(): ImportSymbol;
  /** Doc comment of a service or method, from the proto file. It also says if a method is SHARED. */
  doc(desc: DescService | DescMethod): Printable;
  /** The same for the member that sends a method one-way. */
  sendDoc(desc: DescMethod): Printable;
}

/** Creates the references for the files of a run. A name is the same in each file. */
export function createReferences(): (file: GeneratedFile) => References {
  const shape = memo((file, message: DescMessage) => file.importShape(message));
  const schema = memo((file, message: DescMessage) => file.importSchema(message, true));
  const json = memo((file, message: DescMessage) => file.importJson(message));
  const service = memo((file, desc: DescService) => file.importSchema(desc));
  const doc = memo((file, desc: DescService | DescMethod) =>
    desc.kind === "rpc" ? withRemarks(file, desc, sharedRemarks(desc)) : file.jsDoc(desc),
  );
  const sendDoc = memo((file, desc: DescMethod) =>
    withRemarks(file, desc, [oneWayRemark, ...sharedRemarks(desc)]),
  );
  return (file) => ({
    shape: (message) => shape(file, message),
    schema: (message) => schema(file, message),
    json: (message) => json(file, message),
    service: (desc) => service(file, desc),
    type: (name) => file.import(name, runtime[name], true),
    createClient: () => file.import("createClient", "restate-connect/codegen"),
    createJsonClient: () => file.import("createJsonClient", "restate-connect/json"),
    doc: (desc) => doc(file, desc),
    sendDoc: (desc) => sendDoc(file, desc),
  });
}

const oneWayRemark = "One-way: resolves with the invocation when the ingress has accepted it.";

function sharedRemarks(method: DescMethod): readonly string[] {
  const hasKeys = ["object", "workflow"].includes(serviceKind(method.parent));
  return hasKeys && handlerKind(method) === "shared"
    ? ["SHARED: runs concurrently with other invocations of its key."]
    : [];
}

/** The doc comment of a method, with what editors show below it. */
function withRemarks(file: GeneratedFile, method: DescMethod, remarks: readonly string[]): Printable {
  const doc = file.jsDoc(method, "  ");
  return remarks.length > 0 && isJsDoc(doc)
    ? { ...doc, text: `${doc.text}\n@remarks ${remarks.join("\n")}` }
    : doc;
}

function isJsDoc(printable: Printable): printable is Extract<Printable, { readonly kind: "es_jsdoc" }> {
  return typeof printable === "object" && "kind" in printable && printable.kind === "es_jsdoc";
}

function memo<K extends object, V>(make: (file: GeneratedFile, key: K) => V) {
  const made = new Map<K, V>();
  return (file: GeneratedFile, key: K): V => {
    const known = made.get(key);
    if (known !== undefined) {
      return known;
    }
    const fresh = make(file, key);
    made.set(key, fresh);
    return fresh;
  };
}
