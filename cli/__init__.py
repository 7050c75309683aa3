"""The `hami-dra` command: wiring only."""
