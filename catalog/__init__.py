"""The shared vocabulary: names, quantities, the share's configuration, errors. No I/O, and nothing of ours is imported."""
