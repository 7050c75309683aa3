"""`make bench-webhook`: what an admission costs, beside the same conversion in Go's standard library, in the same run."""
