import { service } from "restate-connect/ingress";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";

/** A service whose handlers never end, so that nothing but acceptance is measured. */
export default [service(Greeter, { greet: () => new Promise(() => undefined) })];
