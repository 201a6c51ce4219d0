// Command go-service serves org.example.Greeter, Accounts and Signup to a Restate server, by Restate's Go SDK and
// what protoc-gen-go-restate generates. It prints its URL, and ends when its standard input does.
package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"

	restate "github.com/restatedev/sdk-go"
	"github.com/restatedev/sdk-go/server"
	"google.golang.org/protobuf/types/known/emptypb"

	"restate-connect/go-service/generated/org/example"
)

type greeter struct {
	example.UnimplementedGreeterServer
}

func (greeter) Greet(ctx restate.Context, request *example.GreetRequest) (*example.GreetResponse, error) {
	return &example.GreetResponse{Greeting: "Hello " + request.GetName() + " from Go"}, nil
}

type accounts struct {
	example.UnimplementedAccountsServer
}

func (accounts) Credit(ctx restate.ObjectContext, request *example.CreditRequest) (*example.Balance, error) {
	balance, err := restate.Get[int64](ctx, "balance")
	if err != nil {
		return nil, err
	}
	balance += request.GetCents()
	if balance < 0 {
		return nil, restate.TerminalError(fmt.Errorf("%s has too little", restate.Key(ctx)), 412)
	}
	restate.Set(ctx, "balance", balance)
	return &example.Balance{Cents: balance}, nil
}

func (accounts) GetBalance(ctx restate.ObjectSharedContext, _ *emptypb.Empty) (*example.Balance, error) {
	balance, err := restate.Get[int64](ctx, "balance")
	return &example.Balance{Cents: balance}, err
}

type signup struct {
	example.UnimplementedSignupServer
}

func (signup) Run(ctx restate.WorkflowContext, request *example.SignupRequest) (*example.SignupResponse, error) {
	restate.Set(ctx, "status", "waits for "+request.GetEmail())
	code, err := restate.Promise[string](ctx, "confirmation").Result()
	if err != nil {
		return nil, err
	}
	if code == "wrong" {
		return nil, restate.TerminalError(fmt.Errorf("the code is wrong"), 403)
	}
	restate.Set(ctx, "status", "done")
	return &example.SignupResponse{Account: restate.Key(ctx)}, nil
}

func (signup) Confirm(ctx restate.WorkflowSharedContext, request *example.ConfirmRequest) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, restate.Promise[string](ctx, "confirmation").Resolve(request.GetCode())
}

func (signup) GetStatus(ctx restate.WorkflowSharedContext, _ *emptypb.Empty) (*example.SignupStatus, error) {
	status, err := restate.Get[string](ctx, "status")
	return &example.SignupStatus{Status: status}, err
}

func main() {
	endpoint, err := server.NewRestate().
		WithLogger(slog.NewTextHandler(io.Discard, nil), true).
		Bind(example.NewGreeterServer(greeter{})).
		Bind(example.NewAccountsServer(accounts{})).
		Bind(example.NewSignupServer(signup{})).
		Handler()
	if err != nil {
		panic(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	go func() { panic((&http.Server{Handler: endpoint, Protocols: &protocols}).Serve(listener)) }()
	fmt.Printf("http://%s\n", listener.Addr())
	io.Copy(io.Discard, os.Stdin)
}
