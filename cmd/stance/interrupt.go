package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// interruptible returns a context that the first SIGINT or SIGTERM cancels. The second one ends the process at once, as
// if nobody had listened.
func interruptible(con *console) (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case s := <-signals:
			signal.Stop(signals)
			con.log.Warn("finishing; once more to end at once", "signal", s.String())
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, func() { signal.Stop(signals); cancel() }
}

// abandonable reads from r until ctx is done, also if r then has nothing to give: a terminal, or a pipe whose writer
// waits. It takes nothing from r before it is read from.
func abandonable(ctx context.Context, r io.Reader) io.Reader {
	from, to := io.Pipe()
	context.AfterFunc(ctx, func() { from.CloseWithError(ctx.Err()) })
	var begin sync.Once
	return readerFunc(func(p []byte) (int, error) {
		begin.Do(func() {
			go func() {
				_, err := io.Copy(to, r)
				to.CloseWithError(err)
			}()
		})
		return from.Read(p)
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
