"""The simulated backend: cards from a file, in the place of a GPU node's driver and devices."""
