import type { Files } from "./support.ts";

/** Proto files whose names get in each other's way, in the way of the runtime's names, and of the language. */
export const torture: Files = {
  "acme/names.proto": `
    syntax = "proto3";
    package acme;
    import "acme/imported.proto";
    import "dev/restate/ext.proto";
    import "dev/restate/sdk/go.proto";
    import "google/protobuf/empty.proto";
    import "google/protobuf/struct.proto";

    // Ends a comment */ in its middle, and says \`x\`, \${y} and \\u0041.
    service Greeter {
      // A client has members of these names.
      rpc Send(Promise) returns (GreeterClient);
      rpc Key(CallOptions) returns (Transport);
      rpc Then(Invocation) returns (Context);
      // An object has members of these names.
      rpc Constructor(Keyless) returns (SendOptions);
      rpc toString(MessageInitShape) returns (GreeterHandlers);
      rpc ToJSON(Request) returns (Options);
      rpc hasOwnProperty(Ctx) returns (Symbol);
      // Keywords.
      rpc Delete(delete) returns (class);
      rpc await(interface) returns (Object);
      rpc New(Outer.Inner) returns (Outer.Inner.Promise);
      rpc Nested(OuterX) returns (Outer_X);
      // Underscores and digits.
      rpc snake_case_name(_leading) returns (A1);
      rpc _private(google.protobuf.Empty) returns (google.protobuf.Value);
      rpc Imported(other.Promise) returns (public.Empty);
      rpc Structs(google.protobuf.Struct) returns (google.protobuf.ListValue);
    }
    service GreeterSend {
      rpc Greet(GreeterClient) returns (google.protobuf.Empty);
    }
    service GreeterObject {
      option (dev.restate.ext.service_type) = KEYED;
      rpc Send(Keyed) returns (Keyed);
      rpc Key(OnlyKey) returns (google.protobuf.Empty);
      rpc Then(ReservedKey) returns (ReservedKey);
    }
    service GreeterObjectSend {
      option (dev.restate.ext.service_type) = SINGLETON;
      rpc Greet(createGreeterClient) returns (createGreeterClient);
    }
    service transport {
      rpc createClient(acme.createClient) returns (acme.createClient);
    }
    service createGreeter {
      rpc Greet(GreetSchema) returns (acme.Greet);
    }
    service Outer_Inner_Service {}
    // Names that only the client of a workflow has itself.
    service Workflow {
      option (dev.restate.sdk.go.service_type) = WORKFLOW;
      rpc Begin(SubmitOptions) returns (google.protobuf.Empty) {
        option (dev.restate.sdk.go.handler_type) = WORKFLOW_RUN;
      }
      rpc Run(Promise) returns (Promise) { option (dev.restate.sdk.go.handler_type) = SHARED; }
      rpc Submit(Request) returns (Request);
      rpc Attach(google.protobuf.Empty) returns (Request);
      rpc Output(Request) returns (google.protobuf.Empty);
      rpc Workflow(acme.Request) returns (Request);
      rpc Send(Request) returns (Request);
    }
    service Greeters {
      option (dev.restate.sdk.go.service_type) = VIRTUAL_OBJECT;
      rpc Submit(Keyed) returns (Keyed);
      rpc Key(google.protobuf.Empty) returns (Request) {
        option (dev.restate.sdk.go.handler_type) = SHARED;
      }
    }

    message Promise { Promise promise = 1; }
    message GreeterClient {}
    message CallOptions {}
    message Transport {}
    message Invocation {}
    message Context {}
    message Keyless {}
    message SendOptions {}
    message SubmitOptions {}
    message MessageInitShape {}
    message GreeterHandlers {}
    message Request {}
    message Options {}
    message Ctx {}
    message Symbol {}
    message delete {}
    message class {}
    message interface {}
    message Object {}
    message Outer {
      message Inner {
        message Promise {}
      }
      message X {}
    }
    message OuterX {}
    message Outer_X {}
    message _leading {}
    message A1 {}
    message createGreeterClient {}
    message createClient {}
    message Greet {}
    message GreetSchema {}
    message Keyed {
      string the_key = 1 [(dev.restate.ext.field) = KEY];
      oneof choice {
        string text = 2;
        Promise promise = 3;
      }
      map<string, Keyed> children = 4;
    }
    message OnlyKey {
      optional string key = 1 [(dev.restate.ext.field) = KEY];
    }
    message ReservedKey {
      string constructor = 1 [(dev.restate.ext.field) = KEY];
      string other = 2;
    }`,
  "acme/imported.proto": `
    syntax = "proto3";
    package other;
    import public "deep/er/public.proto";
    message Promise {}`,
  "deep/er/public.proto": `
    syntax = "proto3";
    package public;
    message Empty {}`,
  "no_package.proto": `
    syntax = "proto3";
    import "acme/names.proto";
    service NoPackage {
      rpc Call(NoPackageRequest) returns (acme.Promise);
    }
    message NoPackageRequest {}`,
  "acme/promise-service.proto": `
    edition = "2023";
    package acme.promise;
    service Promise {
      option deprecated = true;
      rpc Then(Thenable) returns (Thenable) { option deprecated = true; }
    }
    message Thenable {}`,
};
