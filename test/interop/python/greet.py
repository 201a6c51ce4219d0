"""One call of org.example.Greeter by grpcio, with descriptors from the server's reflection. Prints JSON."""

import argparse
import json

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase


class Descriptors(ProtoReflectionDescriptorDatabase):
    """The server's descriptors, as Python takes them: it refuses a field with the JSON name of a oneof, and
    InvokeRequest has one. The wire knows no such names."""

    def FindFileByName(self, name):
        return without_json_names(super().FindFileByName(name))

    def FindFileContainingSymbol(self, symbol):
        return without_json_names(super().FindFileContainingSymbol(symbol))


def without_json_names(file):
    for message_type in file.message_type:
        for field in message_type.field:
            field.ClearField("json_name")
    return file


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--echo", default="")
    parser.add_argument("--timeout", type=float, default=60, help="seconds")
    parser.add_argument("--send", action="store_true")
    options = parser.parse_args()
    with grpc.insecure_channel(options.host) as channel:
        pool = DescriptorPool(Descriptors(channel))
        print(json.dumps(send(channel, pool, options) if options.send else greet(channel, pool, options)))


def greet(channel, pool, options):
    call = method(channel, pool, "org.example.Greeter", "Greet")
    request = message(pool, "org.example.GreetRequest")(name=options.name)
    try:
        response, done = call.with_call(request, timeout=options.timeout, metadata=[("x-echo", options.echo)])
    except grpc.RpcError as error:
        trailers = dict(error.trailing_metadata())
        return {
            "code": error.code().value[0],
            "message": error.details(),
            "reason": trailers.get("x-reason"),
            "statusDetails": trailers.get("grpc-status-details-bin", b"").hex(),
        }
    return {
        "greeting": response.greeting,
        "echo": dict(done.initial_metadata()).get("x-echo"),
        "end": dict(done.trailing_metadata()).get("x-end"),
    }


def send(channel, pool, options):
    argument = message(pool, "org.example.GreetRequest")(name=options.name).SerializeToString()
    request = message(pool, "dev.restate.InvokeRequest")(service="org.example.Greeter", method="Greet", pb=argument)
    return {"id": method(channel, pool, "dev.restate.Ingress", "Invoke")(request).id}


def method(channel, pool, service, name):
    described = pool.FindServiceByName(service).FindMethodByName(name)
    return channel.unary_unary(
        f"/{service}/{name}",
        request_serializer=lambda request: request.SerializeToString(),
        response_deserializer=GetMessageClass(described.output_type).FromString,
    )


def message(pool, name):
    return GetMessageClass(pool.FindMessageTypeByName(name))


main()
