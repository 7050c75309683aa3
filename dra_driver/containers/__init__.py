"""What a container gets for a claim: edits, libraries, interceptor, metadata."""
