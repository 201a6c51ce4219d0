// Command server serves org.example.Greeter and reflection by connect-go (all three protocols, HTTP/1.1 and HTTP/2)
// or grpc-go.
// It prints its URL, and ends when its standard input does.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"

	"connectrpc.com/connect"
	"connectrpc.com/grpcreflect"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/status"

	"restate-connect/interop/generated/org/example"
	"restate-connect/interop/generated/org/example/exampleconnect"
)

const unknownPerson = "no such person: 100 % sure, ünd sorry"

var detail = &example.GreetResponse{Greeting: "a detail"}

type connectGreeter struct{}

func (connectGreeter) Greet(
	ctx context.Context, request *connect.Request[example.GreetRequest],
) (*connect.Response[example.GreetResponse], error) {
	switch request.Msg.GetName() {
	case "not found":
		failed := connect.NewError(connect.CodeNotFound, errors.New(unknownPerson))
		failed.Meta().Set("x-reason", "unknown")
		encoded, err := connect.NewErrorDetail(detail)
		if err != nil {
			return nil, err
		}
		failed.AddDetail(encoded)
		return nil, failed
	case "forever":
		<-ctx.Done()
		return nil, ctx.Err()
	}
	response := connect.NewResponse(&example.GreetResponse{Greeting: "Hello " + request.Msg.GetName()})
	response.Header().Set("x-echo", request.Header().Get("x-echo"))
	response.Trailer().Set("x-end", "bye")
	return response, nil
}

type grpcGreeter struct {
	example.UnimplementedGreeterServer
}

func (grpcGreeter) Greet(ctx context.Context, request *example.GreetRequest) (*example.GreetResponse, error) {
	switch request.GetName() {
	case "not found":
		grpc.SetTrailer(ctx, metadata.Pairs("x-reason", "unknown"))
		failed, err := status.New(codes.NotFound, unknownPerson).WithDetails(detail)
		if err != nil {
			return nil, err
		}
		return nil, failed.Err()
	case "forever":
		<-ctx.Done()
		return nil, ctx.Err()
	}
	got, _ := metadata.FromIncomingContext(ctx)
	grpc.SetHeader(ctx, metadata.MD{"x-echo": got.Get("x-echo")})
	grpc.SetTrailer(ctx, metadata.Pairs("x-end", "bye"))
	return &example.GreetResponse{Greeting: "Hello " + request.GetName()}, nil
}

func main() {
	by := flag.String("by", "connect-go", "connect-go or grpc-go")
	flag.Parse()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go serve(*by, listener)
	fmt.Printf("http://%s\n", listener.Addr())
	io.Copy(io.Discard, os.Stdin)
}

func serve(by string, listener net.Listener) {
	if by == "grpc-go" {
		server := grpc.NewServer()
		example.RegisterGreeterServer(server, grpcGreeter{})
		reflection.Register(server)
		panic(server.Serve(listener))
	}
	mux := http.NewServeMux()
	mux.Handle(exampleconnect.NewGreeterHandler(connectGreeter{}))
	reflector := grpcreflect.NewStaticReflector(exampleconnect.GreeterName)
	mux.Handle(grpcreflect.NewHandlerV1(reflector))
	mux.Handle(grpcreflect.NewHandlerV1Alpha(reflector))
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	panic((&http.Server{Handler: mux, Protocols: &protocols}).Serve(listener))
}
