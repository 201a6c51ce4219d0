import { expect, it } from "vitest";
import { FieldType, field, ServiceType, service_type } from "../../generated/dev/restate/ext_pb.ts";
import {
  ServiceType as GoServiceType,
  service_type as go_service_type,
  HandlerType,
  handler_type,
} from "../../generated/dev/restate/sdk/go_pb.ts";
import { optionNumbers, optionValues } from "../../src/model/enum-option.ts";

it("has the numbers and values of Restate's proto files", () => {
  expect(optionNumbers).toEqual({
    serviceType: service_type.number,
    field: field.number,
    goServiceType: go_service_type.number,
    goHandlerType: handler_type.number,
  });
  expect(optionValues).toEqual({
    keyed: ServiceType.KEYED,
    singleton: ServiceType.SINGLETON,
    key: FieldType.KEY,
    virtualObject: GoServiceType.VIRTUAL_OBJECT,
    workflow: GoServiceType.WORKFLOW,
    unset: HandlerType.UNSET,
    shared: HandlerType.SHARED,
    workflowRun: HandlerType.WORKFLOW_RUN,
  });
});
