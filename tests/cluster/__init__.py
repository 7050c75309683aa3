"""What the tiers with a real API server share: manifests, waiting, reading what happened."""
