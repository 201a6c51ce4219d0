// Command client makes one call of org.example.Greeter by connect-go or grpc-go, and prints what came back as JSON.
package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"restate-connect/interop/generated/dev/restate"
	"restate-connect/interop/generated/dev/restate/restateconnect"
	"restate-connect/interop/generated/org/example"
	"restate-connect/interop/generated/org/example/exampleconnect"
)

// answer is what the test expects to read: see support/check-greeter.ts.
type answer struct {
	Greeting string `json:"greeting,omitempty"`
	Echo     string `json:"echo,omitempty"`
	End      string `json:"end,omitempty"`
	Code     uint32 `json:"code,omitempty"`
	Message  string `json:"message,omitempty"`
	Reason   string `json:"reason,omitempty"`
	Detail   string `json:"detail,omitempty"`
	ID       string `json:"id,omitempty"`
}

var (
	by      = flag.String("by", "connect", "connect, connect-json, connect-gzip, grpc, grpc-web (all connect-go), or grpc-go")
	http1   = flag.Bool("http1", false, "HTTP/1.1 in place of HTTP/2")
	target  = flag.String("url", "", "where the ingress is")
	name    = flag.String("name", "", "whom to greet")
	echo    = flag.String("echo", "", "the request header x-echo")
	timeout = flag.Duration("timeout", time.Minute, "deadline")
	send    = flag.Bool("send", false, "send one way")
)

func main() {
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), *timeout)
	defer cancel()
	var got answer
	var err error
	if *by == "grpc-go" {
		got, err = byGrpc(ctx)
	} else {
		got, err = byConnect(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(got); err != nil {
		panic(err)
	}
}

func byConnect(ctx context.Context) (answer, error) {
	options := map[string][]connect.ClientOption{
		"connect":      nil,
		"connect-json": {connect.WithProtoJSON()},
		"connect-gzip": {connect.WithSendGzip()},
		"grpc":         {connect.WithGRPC()},
		"grpc-web":     {connect.WithGRPCWeb()},
	}[*by]
	if *send {
		client := restateconnect.NewIngressClient(httpClient(), *target, options...)
		response, err := client.Invoke(ctx, connect.NewRequest(invoke()))
		if err != nil {
			return answer{}, err
		}
		return answer{ID: response.Msg.GetId()}, nil
	}
	request := connect.NewRequest(&example.GreetRequest{Name: *name})
	request.Header().Set("x-echo", *echo)
	response, err := exampleconnect.NewGreeterClient(httpClient(), *target, options...).Greet(ctx, request)
	if err == nil {
		return answer{
			Greeting: response.Msg.GetGreeting(),
			Echo:     response.Header().Get("x-echo"),
			End:      response.Trailer().Get("x-end"),
		}, nil
	}
	var failed *connect.Error
	if !errors.As(err, &failed) {
		return answer{}, err
	}
	got := answer{Code: uint32(failed.Code()), Message: failed.Message(), Reason: failed.Meta().Get("x-reason")}
	for _, detail := range failed.Details() {
		value, err := detail.Value()
		if err != nil {
			return answer{}, err
		}
		got.Detail = value.(*example.GreetResponse).GetGreeting()
	}
	return got, nil
}

func byGrpc(ctx context.Context) (answer, error) {
	where, err := url.Parse(*target)
	if err != nil {
		return answer{}, err
	}
	connection, err := grpc.NewClient(where.Host, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return answer{}, err
	}
	defer connection.Close()
	if *send {
		response, err := restate.NewIngressClient(connection).Invoke(ctx, invoke())
		return answer{ID: response.GetId()}, err
	}
	ctx = metadata.AppendToOutgoingContext(ctx, "x-echo", *echo)
	var header, trailer metadata.MD
	response, err := example.NewGreeterClient(connection).Greet(
		ctx, &example.GreetRequest{Name: *name}, grpc.Header(&header), grpc.Trailer(&trailer))
	if err == nil {
		return answer{Greeting: response.GetGreeting(), Echo: first(header, "x-echo"), End: first(trailer, "x-end")}, nil
	}
	failed := status.Convert(err)
	got := answer{Code: uint32(failed.Code()), Message: failed.Message(), Reason: first(trailer, "x-reason")}
	for _, detail := range failed.Details() {
		got.Detail = detail.(*example.GreetResponse).GetGreeting()
	}
	return got, nil
}

func invoke() *restate.InvokeRequest {
	argument, err := proto.Marshal(&example.GreetRequest{Name: *name})
	if err != nil {
		panic(err)
	}
	return &restate.InvokeRequest{
		Service:  "org.example.Greeter",
		Method:   "Greet",
		Argument: &restate.InvokeRequest_Pb{Pb: argument},
	}
}

func httpClient() *http.Client {
	if *http1 {
		return &http.Client{Transport: &http.Transport{TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{}}}
	}
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	return &http.Client{Transport: &http.Transport{Protocols: &protocols, DialContext: (&net.Dialer{}).DialContext}}
}

func first(md metadata.MD, name string) string {
	if values := md.Get(name); len(values) > 0 {
		return values[0]
	}
	return ""
}
