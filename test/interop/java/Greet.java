import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.restate.Services.InvokeRequest;
import dev.restate.Services.InvokeResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.example.GreeterOuterClass.GreetRequest;
import org.example.GreeterOuterClass.GreetResponse;

/** Makes one call by grpc-java, and prints what came back as JSON. */
final class Greet {
  /** As protoc-gen-grpc-java prints them. */
  private static final MethodDescriptor<GreetRequest, GreetResponse> GREET =
      unary("org.example.Greeter", "Greet", GreetRequest.getDefaultInstance(), GreetResponse.getDefaultInstance());

  private static final MethodDescriptor<InvokeRequest, InvokeResponse> INVOKE =
      unary("dev.restate.Ingress", "Invoke", InvokeRequest.getDefaultInstance(), InvokeResponse.getDefaultInstance());

  private Greet() {}

  /** Arguments: {@code greet HOST:PORT NAME ECHO TIMEOUT_MS} or {@code send HOST:PORT NAME}. */
  public static void main(String[] args) throws Exception {
    ManagedChannel channel = ManagedChannelBuilder.forTarget(args[1]).usePlaintext().build();
    Struct answer =
        args[0].equals("send") ? send(channel, args[2]) : greet(channel, args[2], args[3], Long.parseLong(args[4]));
    System.out.println(JsonFormat.printer().print(answer));
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  private static Struct greet(Channel channel, String name, String echo, long timeoutMs) throws Exception {
    Metadata sent = new Metadata();
    sent.put(key("x-echo"), echo);
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    Channel intercepted =
        ClientInterceptors.intercept(
            channel,
            MetadataUtils.newAttachHeadersInterceptor(sent),
            MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(timeoutMs, TimeUnit.MILLISECONDS);
    Struct.Builder answer = Struct.newBuilder();
    try {
      GreetRequest request = GreetRequest.newBuilder().setName(name).build();
      put(answer, "greeting", ClientCalls.blockingUnaryCall(intercepted, GREET, options, request).getGreeting());
      put(answer, "echo", headers.get().get(key("x-echo")));
      put(answer, "end", trailers.get().get(key("x-end")));
    } catch (StatusRuntimeException error) {
      answer.putFields("code", Value.newBuilder().setNumberValue(error.getStatus().getCode().value()).build());
      put(answer, "message", error.getStatus().getDescription());
      put(answer, "reason", error.getTrailers() == null ? null : error.getTrailers().get(key("x-reason")));
      var status = StatusProto.fromThrowable(error);
      if (status != null && status.getDetailsCount() > 0) {
        put(answer, "detail", status.getDetails(0).unpack(GreetResponse.class).getGreeting());
      }
    }
    return answer.build();
  }

  private static Struct send(Channel channel, String name) {
    InvokeRequest request =
        InvokeRequest.newBuilder()
            .setService("org.example.Greeter")
            .setMethod("Greet")
            .setPb(GreetRequest.newBuilder().setName(name).build().toByteString())
            .build();
    Struct.Builder answer = Struct.newBuilder();
    put(answer, "id", ClientCalls.blockingUnaryCall(channel, INVOKE, CallOptions.DEFAULT, request).getId());
    return answer.build();
  }

  private static void put(Struct.Builder answer, String name, String value) {
    if (value != null) {
      answer.putFields(name, Value.newBuilder().setStringValue(value).build());
    }
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private static <I extends Message, O extends Message> MethodDescriptor<I, O> unary(
      String service, String method, I request, O response) {
    return MethodDescriptor.<I, O>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, method))
        .setRequestMarshaller(ProtoUtils.marshaller(request))
        .setResponseMarshaller(ProtoUtils.marshaller(response))
        .build();
  }
}
