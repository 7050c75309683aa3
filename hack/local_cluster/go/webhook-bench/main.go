// Webhook-bench measures webhooks: `load` asks one over TLS and tells how fast it answered, and `peer` is one to measure beside ours, with
// nothing but Go's standard library.
package main

import (
	"fmt"
	"os"
)

func main() {
	programs := map[string]func([]string) error{"load": load, "peer": peer}
	if len(os.Args) < 2 || programs[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: webhook-bench load|peer [flags]")
		os.Exit(2)
	}
	if err := programs[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintf(os.Stderr, "webhook-bench %s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
}
