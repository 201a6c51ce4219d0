// Command service counts votes with Restate's Go SDK. Restate keeps the counts.
package main

import (
	"context"
	"log"

	restate "github.com/restatedev/sdk-go"
	"github.com/restatedev/sdk-go/server"
	"google.golang.org/protobuf/types/known/emptypb"

	votesv1 "votes/gen/votes/v1"
)

type candidates struct {
	votesv1.UnimplementedCandidatesServer
}

func (candidates) Vote(ctx restate.ObjectContext, _ *emptypb.Empty) (*votesv1.Votes, error) {
	count, err := restate.Get[int64](ctx, "count")
	if err != nil {
		return nil, err
	}
	count++
	restate.Set(ctx, "count", count)
	return &votesv1.Votes{Count: count}, nil
}

func (candidates) GetVotes(ctx restate.ObjectSharedContext, _ *emptypb.Empty) (*votesv1.Votes, error) {
	count, err := restate.Get[int64](ctx, "count")
	return &votesv1.Votes{Count: count}, err
}

func main() {
	services := server.NewRestate().Bind(votesv1.NewCandidatesServer(candidates{}))
	if err := services.Start(context.Background(), "localhost:9080"); err != nil {
		log.Fatal(err)
	}
}
